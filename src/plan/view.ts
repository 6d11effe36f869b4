import {createTwoFilesPatch} from 'diff';
import {isTree} from '../channels/program/plain-object.js';
import {redactTree} from '../channels/program/redact.js';
import {Secret} from '../secret.js';
import {stripControl} from '../ssh/strip.js';
import type {Change} from './change.js';
import type {ChangeView} from './events.js';

/** A change as a person sees it: one line, and a unified diff for files and configs. Secrets are redacted. */
export function viewChange(change: Change): ChangeView {
  const diff = diffOf(change);
  return {
    id: change.id,
    host: change.host,
    kind: change.kind,
    title: change.title,
    disruptive: change.disruptive ?? false,
    ...(change.why !== undefined && {why: change.why}),
    ...(diff !== undefined && {diff}),
  };
}

function diffOf(change: Change): string | undefined {
  switch (change.kind) {
    case 'file': {
      const {content, path} = change.file;
      if (change.secret || content instanceof Secret || typeof content !== 'string') return undefined;
      if (content.length > 24_000) return undefined;
      return unified(path, change.before, content);
    }
    case 'gateway-config':
      return unified(change.path, change.before && shown(change.before), shown(JSON.stringify(change.tree)));
    case 'config-patch':
      return unified(
        'gateway config',
        `${JSON.stringify(change.before, null, 2)}\n`,
        `${JSON.stringify(change.patch, null, 2)}\n`,
      );
    case 'apt-source':
      return unified(change.path, undefined, change.content);
    case 'swap':
      return change.files.map(diffOf).filter(Boolean).join('\n') || undefined;
    case 'script':
      return undefined;
    default:
      return undefined;
  }
}

/** A config for a person: what is or looks like a credential is left out, on both sides of a diff alike. */
function shown(text: string): string {
  const tree: unknown = JSON.parse(text);
  const safe = isTree(tree) ? redactTree(tree, 'shown to nobody', []) : {};
  const stands = (value: unknown) => isTree(value) && Object.hasOwn(value, '$fp');
  return `${JSON.stringify(safe, (_name, value: unknown) => (stands(value) ? '[redacted]' : value), 2)}\n`;
}

/** A unified diff without the tool's banner; a new file is compared with nothing. */
export function unified(path: string, before: string | undefined, after: string): string {
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : path,
    path,
    before ?? '',
    after,
    '',
    '',
    {context: 3},
  );
  return patch
    .split('\n')
    .filter((line) => !line.startsWith('====') && !line.startsWith('\\ No newline'))
    .map((line) => stripControl(line))
    .join('\n')
    .trimEnd();
}
