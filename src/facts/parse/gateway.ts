import type {GatewayFact, GatewayForm, HostFacts, Known, Listener} from '../types.js';
import {wordsOf} from './contents.js';
import {fields, need, oneLine, whole, type Sections} from './sections.js';
import type {ProgramFacts} from './program.js';

const forms: readonly GatewayForm[] = ['user-unit', 'system-unit', 'compose', 'podman', 'foreground', 'none'];

/** Clock ticks per second in /proc/PID/stat on every Linux that Node runs on. */
const ticks = 100;

/** The `gateway` section, with what the accounts program and the listening sockets add to it. */
export function gatewayOf(
  sections: Sections,
  program: ProgramFacts,
  {uptimeS, listeners}: Pick<HostFacts, 'uptimeS' | 'listeners'>,
): Known<GatewayFact> {
  const text = need(sections, 'gateway');
  if (!text.known) return text;
  const read = fields(text.value);
  const form = forms.find((known) => known === read.get('form'));
  if (!form) return {known: false, reason: 'the search for the gateway gave an unexpected answer'};
  const pid = whole(read.get('pid'), -1);
  const argv = argvOf(wordsOf(read.get('argv')), read.get('exe'));
  const container = containerOf(read);
  const optional = (name: 'unit' | 'user') => (read.get(name) ? {[name]: oneLine(read.get(name) ?? '')} : {});
  return {
    known: true,
    value: {
      form,
      ...optional('unit'),
      ...optional('user'),
      ...(pid > 0 && {pid, upS: Math.max(0, Math.round(uptimeS - whole(read.get('start')) / ticks))}),
      active: pid > 0 || (container !== undefined && read.get('cstate') === 'running'),
      ...(form !== 'none' && program.stateDir !== undefined && {stateDir: program.stateDir}),
      ...(form !== 'none' && program.configPath !== undefined && {configPath: program.configPath}),
      ...(argv.length > 0 && {argv}),
      ...(container && {container}),
      listeners: ownListeners(listeners, pid, portOf(argv, program)),
    },
  };
}

function argvOf(words: readonly string[], exe: string | undefined): string[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  return [first.startsWith('/') || !exe?.startsWith('/') ? first : exe.replace(/ \(deleted\)$/, ''), ...rest];
}

function containerOf(read: Map<string, string>): GatewayFact['container'] {
  const [engine, name] = (read.get('container') ?? '').split(' ');
  if ((engine !== 'docker' && engine !== 'podman') || !name) return undefined;
  const dir = read.get('cdir');
  const service = read.get('cservice');
  const user = read.get('cuser');
  const named = user !== undefined && /^[A-Za-z_][\w.-]{0,31}$/.test(user);
  return {engine, name, ...(named && {user}), ...(dir && {composeDir: dir}), ...(service && {service})};
}

/** `--port`, else the config, else OpenClaw's default. */
function portOf(argv: readonly string[], program: ProgramFacts): number {
  const at = argv.indexOf('--port');
  const flag = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith('--port='))?.slice(7);
  const tree = program.config.known ? program.config.value?.tree : undefined;
  const section = tree?.gateway as {port?: unknown} | undefined;
  const configured = typeof section?.port === 'number' ? section.port : 18_789;
  return whole(flag, configured);
}

function ownListeners(listeners: Known<Listener[]>, pid: number, port: number): Listener[] {
  if (!listeners.known) return [];
  return listeners.value.filter(
    (one) => one.protocol === 'tcp' && (one.port === port || (pid > 0 && one.pid === pid)),
  );
}
