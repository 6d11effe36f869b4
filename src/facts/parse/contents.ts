import {createHash} from 'node:crypto';
import type {CheckoutFact, FactsRequest, FileFact, HostFacts, UserFact} from '../types.js';
import {bytesOf, linesOf, oneLine, textOf, whole, type Sections} from './sections.js';

/** Lines that begin with their number in the request, grouped by it. */
function numbered(sections: Sections, name: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const line of linesOf(sections, name)) {
    const [, index, rest] = /^(\d+|w) ?(.*)$/.exec(line) ?? [];
    if (index !== undefined && rest !== undefined) found.set(index, [...(found.get(index) ?? []), rest]);
  }
  return found;
}

export function filesOf(sections: Sections, request: FactsRequest): HostFacts['files'] {
  const found = numbered(sections, 'files');
  return Object.fromEntries(
    request.files.map(({path}, index) => [path, fileOf(found.get(String(index))?.[0] ?? '', request.key)]),
  );
}

const sha = /^[0-9a-f]{64}$/;

function fileOf(line: string, key: string): FileFact | null {
  const [word, raw = '', owner = '', group = '', size, ...rest] = line.split(' ');
  // Readings from before it was told have no time there.
  const changedS = /^\d+$/.test(rest[0] ?? '') ? whole(rest.shift(), -1) : -1;
  const [how, payload, plain = ''] = rest;
  const mode = /^[0-9a-f]{1,8}$/.test(raw) ? Number.parseInt(raw, 16) : Number.NaN;
  if (word !== 'is' || Number.isNaN(mode)) return null;
  const type = mode & 0o170000;
  const kind = type === 0o100000 ? 'file' : type === 0o040000 ? 'directory' : 'other';
  const fact: FileFact = {kind, mode: mode & 0o7777, owner, group, size: whole(size)};
  if (changedS > 0) fact.changedMs = changedS * 1000;
  if (how === 'hash' && sha.test(payload ?? ''))
    return {...fact, hash: payload, ...(sha.test(plain) && {sha256: plain})};
  const bytes = how === 'text' ? bytesOf(payload ?? '') : undefined;
  if (!bytes) return fact;
  const content = textOf(bytes);
  const hash = createHash('sha256').update(key).update(bytes).digest('hex');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {...fact, hash, sha256, ...(content !== undefined && {content})};
}

export function envFilesOf(sections: Sections, request: FactsRequest): HostFacts['envFiles'] {
  const found = numbered(sections, 'envfiles');
  return Object.fromEntries(
    request.envFiles.map((path, index) => {
      const [first, ...rest] = found.get(String(index)) ?? [];
      if (first !== 'present') return [path, null];
      const names: Record<string, string> = {};
      for (const line of rest) {
        const [, name, hash] = /^([\w.-]+) ([0-9a-f]{64})$/.exec(line) ?? [];
        if (name !== undefined && hash !== undefined) names[name] = hash;
      }
      return [path, names];
    }),
  );
}

interface PasswdEntry {
  uid: number;
  gid: number;
  home: string;
  shell: string;
}

export function passwdOf(sections: Sections): Map<string, PasswdEntry> {
  return new Map(
    linesOf(sections, 'passwd').flatMap((line) => {
      const [name, , uid, gid, , home = '', shell = ''] = line.split(':');
      return name && whole(uid, -1) >= 0 ? [[name, {uid: whole(uid), gid: whole(gid), home, shell}]] : [];
    }),
  );
}

export function usersOf(sections: Sections, request: FactsRequest): HostFacts['users'] {
  const passwd = passwdOf(sections);
  const groups = linesOf(sections, 'group').map((line) => {
    const [name = '', , gid, members = ''] = line.split(':');
    return {name, gid: whole(gid, -1), members: members.split(',')};
  });
  const found = numbered(sections, 'users');
  return Object.fromEntries(
    request.users.map((name, index) => {
      const entry = passwd.get(name);
      if (!entry) return [name, null];
      const lines = found.get(String(index)) ?? [];
      const mine = groups.filter(({gid, members}) => gid === entry.gid || members.includes(name));
      const fact: UserFact = {
        name,
        ...entry,
        groups: mine.map((group) => group.name),
        linger: lines.includes('linger'),
        authorizedKeys: lines.flatMap((line) => authorizedKeys(line)),
        publicKeys: Object.fromEntries(lines.flatMap((line) => publicKey(line))),
      };
      return [name, fact];
    }),
  );
}

function authorizedKeys(line: string): string[] {
  const text = line.startsWith('keys ') ? textOf(bytesOf(line.slice(5))) : undefined;
  return (text ?? '')
    .split('\n')
    .map((key) => key.trim())
    .filter((key) => key !== '' && !key.startsWith('#'));
}

function publicKey(line: string): [string, string][] {
  const [word, path, content] = line.split(' ');
  if (word !== 'pub') return [];
  const where = textOf(bytesOf(path));
  const key = textOf(bytesOf(content));
  return where && key ? [[oneLine(where, 4096), oneLine(key, 8192)]] : [];
}

/** Work trees by the path of the request, and the gateway's own workspace by its absolute path. */
export function checkoutsOf(sections: Sections, request: FactsRequest): HostFacts['checkouts'] {
  const found = numbered(sections, 'checkouts');
  const checkouts = Object.fromEntries(
    request.checkouts.map((path, index) => [path, checkoutOf(path, found.get(String(index)) ?? [])]),
  );
  const own = numbered(sections, 'workspace').get('w');
  const path = workspacePath(sections);
  if (own && path !== undefined && !checkouts[path]) checkouts[path] = checkoutOf(path, own);
  return checkouts;
}

/** Absolute path of the gateway's workspace, as its config says. */
export function workspacePath(sections: Sections): string | undefined {
  const line = linesOf(sections, 'workspace').find((entry) => entry.startsWith('path /'));
  return line?.slice(5).trim();
}

function checkoutOf(path: string, lines: readonly string[]): CheckoutFact {
  const get = (name: string) =>
    lines
      .find((line) => line.startsWith(`${name} `))
      ?.slice(name.length + 1)
      .trim();
  const fact: CheckoutFact = {path, exists: lines.includes('exists'), isGit: lines.includes('git')};
  if (!fact.isGit) return fact;
  const [, ahead] = /^\+(\d+) -\d+$/.exec(get('branch.ab') ?? '') ?? [];
  const branch = get('branch.head');
  const commit = get('branch.oid');
  const date = whole(get('date'), -1);
  const sync = whole(get('sync'), -1);
  const pushFailed = oneLine(get('pushfailed') ?? '', 600);
  const branches = (word: string) =>
    lines
      .filter((line) => line.startsWith(`${word} failover/`))
      .map((line) => oneLine(line.slice(word.length + 1), 300));
  const unpushed = branches('unpushed');
  const unmerged = branches('unmerged');
  return {
    ...fact,
    ...(get('remote') && {remote: oneLine(get('remote') ?? '', 1000)}),
    ...(branch && branch !== '(detached)' && {branch}),
    ...(commit && /^[0-9a-f]{40,64}$/.test(commit) && {commit}),
    ...(get('dirty') !== undefined && {dirty: whole(get('dirty'))}),
    ...(ahead !== undefined && {ahead: whole(ahead)}),
    ...(date > 0 && {lastCommitMs: date * 1000}),
    ...(sync > 0 && {lastSyncMs: sync}),
    ...(pushFailed !== '' && {pushFailed}),
    ...(lines.includes('inuse') && {inUse: true}),
    ...(unpushed.length > 0 && {unpushed}),
    ...(unmerged.length > 0 && {unmerged}),
  };
}

export function lockOf(sections: Sections): HostFacts['lock'] {
  const rows = linesOf(sections, 'lock');
  if (!rows.includes('held')) return null;
  const get = (name: string) => {
    const row = rows.find((line) => line.startsWith(`${name} `));
    return oneLine(textOf(bytesOf(row?.slice(name.length + 1).trim())) ?? '') || 'unknown';
  };
  return {who: get('who'), when: get('when'), why: get('why')};
}

export function monitorStateOf(sections: Sections): HostFacts['monitorState'] {
  const section = sections.get('monitor');
  if (!section || section.code !== 0)
    return {known: false, reason: section?.stderr || 'the reading was cut off before it'};
  const text = section.text.trim();
  if (text === 'absent') return {known: true, value: null};
  const json = textOf(bytesOf(text.replace(/^present /, '')));
  try {
    const value: unknown = JSON.parse(json ?? '');
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
      return {known: true, value: value as Record<string, unknown>};
    }
  } catch {
    // Falls through: half a file and a foreign one are the same to whoever reads this.
  }
  return {known: false, reason: "the monitor's state file is not readable as JSON"};
}

/** Bytes of a base64 word list (argv), one word per line. */
export function wordsOf(base64: string | undefined): string[] {
  const text = textOf(bytesOf(base64 ?? ''));
  return (text ?? '').split('\n').filter(Boolean);
}
