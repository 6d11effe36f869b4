import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {surroundings, variables} from '../../../src/cli/help/environment.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** Sources that run on the operator's machine; the others are programs for hosts, with an environment of their own. */
const onHosts = /^src\/(?:monitor|gateway|templates|channels\/program|sampler\/program)\//;
const sources = ['bin/failover-wizard.js', ...files('src')].filter((path) => !onHosts.test(path));

function files(folder: string): string[] {
  return readdirSync(join(root, folder), {recursive: true, withFileTypes: true})
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'));
}

/** Names that are read: `env.NAME`, `env['NAME']`, taken out of one with braces, and the folders of XDG by their names. */
function namesIn(text: string): string[] {
  const read = [...text.matchAll(/\benv(?:\??\.|\[')([A-Z][A-Z0-9_]*)\b/g)].map(([, name]) => name!);
  const taken = [...text.matchAll(/\{([^{}]*)\}: (?:NodeJS\.ProcessEnv|typeof process\.env)/g)].flatMap(
    ([, inside]) => [...inside!.matchAll(/\b([A-Z][A-Z0-9_]{2,})\b/g)].map(([, name]) => name!),
  );
  const xdg = [...text.matchAll(/'(XDG_[A-Z_]+)'/g)].map(([, name]) => name!);
  return [...read, ...taken, ...xdg];
}

describe('the variables that the help names', () => {
  const read = new Set(
    sources
      .filter((path) => !path.startsWith('src/cli/help/'))
      .flatMap((path) => namesIn(readFileSync(join(root, path), 'utf8'))),
  );
  const named = variables.map(({name}) => name);

  it('the search finds every way of reading one', () => {
    expect(
      namesIn(
        "env.A1 env['B_B'] process.env?.CC ({DDD = '', EEE}: NodeJS.ProcessEnv) base('XDG_CONFIG_HOME')",
      ),
    ).toEqual(['A1', 'B_B', 'CC', 'DDD', 'EEE', 'XDG_CONFIG_HOME']);
  });

  it('are read', () => {
    expect(named.filter((name) => !read.has(name))).toEqual([]);
    expect(surroundings.filter((name) => !read.has(name))).toEqual([]);
  });

  it('are all that are read, but for what comes with the login', () => {
    expect([...read].filter((name) => !named.includes(name) && !surroundings.includes(name))).toEqual([]);
  });

  it('are named once', () => {
    expect(new Set([...named, ...surroundings]).size).toBe(named.length + surroundings.length);
  });
});
