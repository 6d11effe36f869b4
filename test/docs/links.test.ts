import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {dirname, join, normalize} from 'node:path';
import {describe, expect, it} from 'vitest';

const pages = [
  'README.md',
  'CONTRIBUTING.md',
  'bench/README.md',
  'test/lab/README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, 'code');

/** As GitHub makes them: lower case, no punctuation, blanks as dashes, the second of a name with -1. */
export function anchorsOf(text: string): Set<string> {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, title] of text.replaceAll(/^```.*?^```/gms, '').matchAll(/^#{1,6} (.+)$/gm)) {
    const plain = title!.replaceAll(/[`*]|\[([^\]]*)\]\([^)]*\)/g, '$1');
    const base = plain
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    anchors.add(count === 0 ? base : `${base}-${count}`);
  }
  return anchors;
}

function linksOf(page: string): string[] {
  const text = withoutCode(readFileSync(page, 'utf8'));
  return [...text.matchAll(/(?<!\\)\]\(([^)\s]+)\)/g)].map(([, link]) => link!);
}

/** Links of a page that lead nowhere. */
function broken(page: string): string[] {
  return linksOf(page).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(target)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).has(anchor);
  });
}

describe('the documents', () => {
  it.each(pages)('%s: every relative link and anchor leads somewhere', (page) => {
    expect(broken(page)).toEqual([]);
  });

  it('are all found from the README, by however many links', () => {
    const found = new Set(['README.md']);
    for (const page of found)
      for (const link of linksOf(page)) {
        const target = normalize(join(dirname(page), link.split('#')[0]!));
        if (pages.includes(target)) found.add(target);
      }
    const lost = pages.filter((page) => page.startsWith('docs/') && !found.has(page));
    expect(lost).toEqual([]);
  });
});

it('anchors are made as GitHub makes them', () => {
  const text = '# A host "is locked"\n## Why? `x` and [y](z)\n## Same\n## Same\n```\n# no heading\n```\n';
  expect([...anchorsOf(text)]).toEqual(['a-host-is-locked', 'why-x-and-y', 'same', 'same-1']);
});
