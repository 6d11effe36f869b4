import type {Entry, Journal} from './journal.js';
import {line, outputs, type Look} from './journal-format.js';
import {Refusal, type Output} from './machine.js';
import {Options, type Known} from './options.js';
import {spanUs} from './span.js';
import {unitName} from './unit-files.js';

const known: Known = {
  flags:
    'no-pager no-hostname follow quiet dmesg reverse all utc no-full full no-tail pager-end system user merge catalog',
  values: 'unit user-unit lines output since until identifier grep priority boot',
  short:
    'u=unit n=lines o=output f=follow q=quiet k=dmesg r=reverse a=all S=since U=until t=identifier g=grep p=priority b=boot e=pager-end l=full m=merge x=catalog',
};

type Test = (entry: Entry) => boolean;

/** Prints lines of the journal; with --follow until it is ended. */
export async function journalctl(
  argv: readonly string[],
  {journal, hostname, out, signal}: {journal: Journal; hostname: string; out: Output; signal: AbortSignal},
): Promise<number> {
  const options = new Options(withBoot(argv), known, 'journalctl');
  const output = options.last('output') ?? 'short';
  if (!outputs.includes(output)) throw new Refusal(`Unknown output '${output}'.`);
  const look: Look = {output, hostname: options.has('no-hostname') ? '' : hostname};
  const test = testOf(options, journal);
  const follows = options.has('follow');
  const found = journal.entries.filter(test);
  const lines = options.last('lines') ?? (follows ? '10' : 'all');
  if (lines !== 'all' && !/^\d+$/.test(lines)) throw new Refusal(`Failed to parse lines '${lines}'`);
  const shown = lines === 'all' ? found : Number(lines) === 0 ? [] : found.slice(-Number(lines));
  if (options.has('reverse')) shown.reverse();
  let boot = shown[0]?.boot;
  const print = (entry: Entry) => {
    const isNewBoot = entry.boot !== boot && output !== 'cat' && output !== 'json' && !options.has('quiet');
    boot = entry.boot;
    out.stdout(
      `${isNewBoot ? `-- Boot ${String(entry.boot).padStart(32, '0')} --\n` : ''}${line(entry, look)}\n`,
    );
  };
  for (const entry of shown) print(entry);
  if (!follows) {
    if (shown.length === 0 && !options.has('quiet') && output !== 'json') out.stdout('-- No entries --\n');
    return 0;
  }
  const stop = journal.follow((entry) => {
    if (test(entry)) print(entry);
  });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), {once: true});
  });
  stop();
  return 130;
}

/** `-b` and `-f` take their word only when it follows at once. */
const withBoot = (argv: readonly string[]): string[] =>
  argv.map((word) => (word === '-b' || word === '--boot' ? '--boot=0' : word));

function testOf(options: Options, journal: Journal): Test {
  const tests: Test[] = [];
  const units = options.all('unit').map(unitName);
  const own = options.all('user-unit').map(unitName);
  if (units.length + own.length > 0) {
    tests.push(
      ({fields}) =>
        units.includes(fields['_SYSTEMD_UNIT'] ?? fields['UNIT'] ?? '') ||
        own.includes(fields['_SYSTEMD_USER_UNIT'] ?? fields['USER_UNIT'] ?? ''),
    );
  }
  const identifiers = options.all('identifier');
  if (identifiers.length > 0) tests.push(({identifier}) => identifiers.includes(identifier));
  const since = options.last('since');
  if (since !== undefined) tests.push(({ms}) => ms >= timeOf(since));
  const until = options.last('until');
  if (until !== undefined) tests.push(({ms}) => ms <= timeOf(until));
  const pattern = options.last('grep');
  if (pattern !== undefined) {
    const expression = new RegExp(pattern, /[A-Z]/.test(pattern) ? '' : 'i');
    tests.push(({message}) => expression.test(message));
  }
  const boot = options.last('boot');
  if (boot !== undefined || options.has('dmesg')) {
    const wanted = journal.boot + Number(boot ?? 0);
    tests.push((entry) => entry.boot === wanted);
  }
  if (options.has('dmesg')) tests.push(({fields}) => fields['_TRANSPORT'] === 'kernel');
  tests.push(matchesOf(options.words));
  return (entry) => tests.every((test) => test(entry));
}

/** `A=1 B=2 + C=3`: both of A and B, or C; the same field twice: one of its values. */
function matchesOf(words: readonly string[]): Test {
  if (words.length === 0) return () => true;
  const terms: Map<string, string[]>[] = [new Map()];
  for (const word of words) {
    if (word === '+') {
      terms.push(new Map());
      continue;
    }
    const at = word.indexOf('=');
    if (at < 1) throw new Refusal(`Failed to add match '${word}': Invalid argument`);
    const name = word.slice(0, at);
    terms.at(-1)!.set(name, [...(terms.at(-1)!.get(name) ?? []), word.slice(at + 1)]);
  }
  return ({fields}) =>
    terms.some((term) => [...term].every(([name, values]) => values.includes(fields[name] ?? '')));
}

/** Epoch ms. @throws Refusal */
function timeOf(text: string): number {
  const now = Date.now();
  const midnight = new Date(now).setUTCHours(0, 0, 0, 0);
  if (text === 'now') return now;
  if (text === 'today') return midnight;
  if (text === 'yesterday') return midnight - 86_400_000;
  if (/^@\d+(?:\.\d+)?$/.test(text)) return Number(text.slice(1)) * 1000;
  const [, back] = /^-(.+)$|^(.+) ago$/.exec(text)?.filter((one) => one !== undefined) ?? [];
  const us = back === undefined ? undefined : spanUs(back);
  if (us !== undefined) return now - us / 1000;
  const [, date, time] = /^(\d{4}-\d\d-\d\d)?\s*(\d\d:\d\d(?::\d\d)?)?(?:\s*UTC)?$/.exec(text.trim()) ?? [];
  const day = date ?? new Date(now).toISOString().slice(0, 10);
  const ms = date === undefined && time === undefined ? Number.NaN : Date.parse(`${day}T${time ?? '00:00'}Z`);
  if (Number.isNaN(ms)) throw new Refusal(`Failed to parse timestamp: ${text}`);
  return ms;
}
