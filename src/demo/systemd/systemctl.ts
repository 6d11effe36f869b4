import type {Journal} from './journal.js';
import {Refusal, type Machine, type Output} from './machine.js';
import type {Manager} from './manager.js';
import {Options, type Known} from './options.js';
import {asUnix, propertiesOf} from './show.js';
import {columns, statusText, timersText} from './status.js';
import {changeUnits, changeVerbs} from './systemctl-change.js';
import {fileVerbs, changeFiles} from './systemctl-files.js';
import {TimerUnit} from './timer.js';
import type {Unit} from './unit.js';
import {readFileSync} from 'node:fs';

/** The version that the units of the product were tried with. */
export const versionText = `systemd 252 (252.39-1~deb12u1)\n+PAM +AUDIT +SELINUX +APPARMOR +IMA +SMACK +SECCOMP +GCRYPT -GNUTLS +OPENSSL +ACL +BLKID +CURL +ELFUTILS +FIDO2 +IDN2 -IDN +IPTC +KMOD +LIBCRYPTSETUP +LIBFDISK +PCRE2 -PWQUALITY +P11KIT +QRENCODE +TPM2 +BZIP2 +LZ4 +XZ +ZLIB +ZSTD -BPF_FRAMEWORK -XKBCOMMON +UTMP +SYSVINIT default-hierarchy=unified\n`;

const known: Known = {
  flags:
    'user system no-pager quiet now no-block all value full plain no-legend no-wall no-ask-password no-reload force runtime no-warn',
  values: 'property value-of signal kill-who kill-whom lines output state type timestamp job-mode machine',
  short: 'p=property P=value-of q=quiet s=signal n=lines o=output t=type a=all l=full f=force M=machine',
};

export interface Asked {
  manager: Manager;
  machine: Machine;
  journal: Journal;
  hostname: string;
  out: Output;
  options: Options;
  /** They may change something. */
  mayChange: boolean;
}

export async function systemctl(argv: readonly string[], asked: Omit<Asked, 'options'>): Promise<number> {
  const options = new Options(argv, known, 'systemctl');
  const [verb = 'list-units', ...words] = options.words;
  const all: Asked = {...asked, options};
  if (changeVerbs.has(verb)) return changeUnits(verb, words, all);
  if (fileVerbs.has(verb)) return changeFiles(verb, words, all);
  const look = looks[verb];
  if (look) return look(words, all);
  throw new Refusal(`Unknown command verb '${verb}'.`);
}

type Look = (words: readonly string[], asked: Asked) => number;

const looks: Readonly<Record<string, Look>> = {
  show: (words, asked) => {
    const {manager, options, out} = asked;
    const names = [...options.all('property'), ...options.all('value-of')].flatMap((one) => one.split(','));
    const bare = options.has('value') || options.has('value-of');
    const blocks =
      words.length === 0
        ? [managerProperties(asked)]
        : words.map((word) => {
            const unit = manager.unit(word);
            const properties = propertiesOf(manager, unit);
            return options.last('timestamp') === 'unix' ? asUnix(properties) : properties;
          });
    const texts = blocks.map((properties) =>
      Object.entries(properties)
        .filter(([name]) => names.length === 0 || names.includes(name))
        .map(([name, value]) => `${bare ? value : `${name}=${value}`}\n`)
        .join(''),
    );
    out.stdout(texts.join('\n'));
    return 0;
  },
  status: (words, {manager, journal, hostname, options, out}) => {
    let code = 0;
    const texts = words.flatMap((word) => {
      const unit = manager.unit(word);
      if (unit.source.load === 'not-found' && unit.isDown) {
        out.stderr(`Unit ${unit.id} could not be found.\n`);
        code = 4;
        return [];
      }
      if (!unit.isUp && unit.active !== 'activating' && code === 0) code = 3;
      return [statusText(manager, unit, {journal, hostname, lines: Number(options.last('lines') ?? 10)})];
    });
    if (words.length === 0) texts.push(`● ${hostname}\n    State: ${stateOf(manager)}\n`);
    out.stdout(texts.join('\n'));
    return code;
  },
  'is-active': (words, asked) => {
    const states = words.map((word) => asked.manager.unit(word).active);
    tell(asked, states);
    return states.some((state) => state === 'active' || state === 'reloading') ? 0 : 3;
  },
  'is-failed': (words, asked) => {
    const states = words.map((word) => asked.manager.unit(word).active);
    tell(asked, states);
    return states.includes('failed') ? 0 : 1;
  },
  'is-enabled': (words, asked) => {
    const {manager, out} = asked;
    let code = 1;
    for (const word of words) {
      const unit = manager.unit(word);
      const state = manager.files.stateOf(unit.source);
      if (state === undefined) {
        out.stderr(`Failed to get unit file state for ${unit.id}: No such file or directory\n`);
        continue;
      }
      tell(asked, [state]);
      if (['enabled', 'static', 'alias', 'indirect', 'generated', 'transient'].includes(state)) code = 0;
    }
    return code;
  },
  'is-system-running': (_, asked) => {
    const state = stateOf(asked.manager);
    tell(asked, [state]);
    return state === 'running' ? 0 : 1;
  },
  'list-timers': (words, {manager, options, out}) => {
    const timers = named(manager, words).filter((one) => one instanceof TimerUnit);
    const shown = timers.filter((one) => options.has('all') || one.isUp);
    out.stdout(timersText(manager, shown, !options.has('no-legend')));
    return 0;
  },
  'list-units': (words, {manager, options, out}) => {
    const states = (options.last('state') ?? '').split(',').filter(Boolean);
    const units = named(manager, words).filter((one) => {
      if (states.length > 0) return states.includes(one.active) || states.includes(one.sub);
      return options.has('all') || one.active !== 'inactive';
    });
    const types = options.all('type').flatMap((one) => one.split(','));
    const shown = units.filter(({id}) => types.length === 0 || types.some((type) => id.endsWith(`.${type}`)));
    const rows = shown.map((one) => [one.id, one.source.load, one.active, one.sub, one.description]);
    const legend = !options.has('no-legend');
    out.stdout(columns([...(legend ? [['UNIT', 'LOAD', 'ACTIVE', 'SUB', 'DESCRIPTION']] : []), ...rows]));
    if (legend) out.stdout(`\n${shown.length} loaded units listed.\n`);
    return 0;
  },
  'list-unit-files': (words, {manager, options, out}) => {
    const wanted = options.last('state')?.split(',');
    const rows = manager.files.names().flatMap((name) => {
      const state = manager.files.stateOf(manager.files.read(name)) ?? '';
      if (words.length > 0 && !words.some((word) => matches(name, word))) return [];
      return wanted && !wanted.includes(state) ? [] : [[name, state, '-']];
    });
    const legend = !options.has('no-legend');
    out.stdout(columns([...(legend ? [['UNIT FILE', 'STATE', 'PRESET']] : []), ...rows]));
    if (legend) out.stdout(`\n${rows.length} unit files listed.\n`);
    return 0;
  },
  cat: (words, {manager, machine, out}) => {
    for (const [at, word] of words.entries()) {
      const {source, id} = manager.unit(word);
      if (source.load === 'not-found') throw new Refusal(`No files found for ${id}.`);
      const builtIn = manager.files.builtIns.get(id);
      const text =
        source.readMs === 0 ? (builtIn?.text ?? '') : readFileSync(machine.root + source.path, 'utf8');
      out.stdout(`${at > 0 ? '\n' : ''}# ${source.path}\n${text}`);
    }
    return 0;
  },
  'show-environment': (_, {manager, out}) => {
    const env = {LANG: 'C.UTF-8', ...manager.always};
    for (const [name, value] of Object.entries(env)) out.stdout(`${name}=${value}\n`);
    return 0;
  },
};

function tell({options, out}: Asked, lines: readonly string[]): void {
  if (!options.has('quiet')) for (const line of lines) out.stdout(`${line}\n`);
}

const stateOf = (manager: Manager) =>
  manager.isClosing
    ? 'stopping'
    : manager.all().some(({active}) => active === 'failed')
      ? 'degraded'
      : 'running';

const managerProperties = ({manager}: Asked): Record<string, string> => ({
  Version: '252.39-1~deb12u1',
  SystemState: stateOf(manager),
  NFailedUnits: String(manager.all().filter(({active}) => active === 'failed').length),
});

const matches = (name: string, pattern: string): boolean =>
  pattern.includes('*')
    ? new RegExp(
        `^${pattern
          .split('*')
          .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
          .join('.*')}$`,
      ).test(name)
    : name === pattern || name.startsWith(`${pattern}.`);

const named = (manager: Manager, patterns: readonly string[]): Unit[] =>
  manager
    .all()
    .filter(({id}) => patterns.length === 0 || patterns.some((pattern) => matches(id, pattern)))
    .toSorted((a, b) => a.id.localeCompare(b.id));
