import {Abort, Exit} from '../errors.js';
import {stripControl} from '../ssh/strip.js';
import {checkoutsOf, envFilesOf, filesOf, lockOf, monitorStateOf, usersOf} from './parse/contents.js';
import {gatewayOf} from './parse/gateway.js';
import {
  addressesOf,
  aptLockOf,
  disksOf,
  listenersOf,
  machineOf,
  packagesOf,
  sshPortOf,
  unitsOf,
} from './parse/machine.js';
import {programOf, unknownFacts} from './parse/program.js';
import {fail2banOf, firewallOf, tailscaleOf} from './parse/security.js';
import {decimal, linesOf, need, oneLine, splitSections, whole, type Sections} from './parse/sections.js';
import {markerOf} from './script.js';
import type {FactsRequest, HostFacts, ProbeFact} from './types.js';

/** When the reading was made, by the laptop's clock. */
export interface ReadingTimes {
  /** ISO time of its begin. */
  readAt: string;
  /** ms for the round trip. */
  tookMs: number;
  /** epoch ms. */
  sentAtMs: number;
  receivedAtMs: number;
}

/**
 * What the facts script printed, as typed facts. Text of the host is not trusted: unexpected parts become
 * `unknown` with the reason, control characters are stripped, nothing in it is taken for a marker of ours.
 * @throws Abort when none of it can be read
 */
export function parseFacts(output: string, request: FactsRequest, times: ReadingTimes): HostFacts {
  const sections = splitSections(output, markerOf(request));
  if (!sections.has('machine')) {
    throw new Abort(
      `The ${request.host} did not answer the reading of its facts in a way that can be understood.`,
      {
        detail: stripControl(output).trim().slice(-600),
        next: [
          'Log in with the same user and run `sh -c id`: something printed at login, or a restricted shell, gets in the way.',
          'The login must be root, or a user that may use sudo.',
        ],
        exit: Exit.failed,
      },
    );
  }
  const machine = machineOf(sections);
  const listeners = listenersOf(sections);
  const found = sections.get('gateway');
  const program =
    found?.code === 0
      ? programOf(sections)
      : unknownFacts(found?.stderr || 'the gateway could not be looked for');
  return {
    host: request.host,
    readAt: times.readAt,
    tookMs: times.tookMs,
    key: request.key,
    ...machine,
    sshPort: sshPortOf(sections),
    ...clockSynced(sections),
    clockOffsetMs: clockOffset(sections, times),
    disks: disksOf(sections),
    packages: packagesOf(sections, request.packages),
    aptLock: aptLockOf(sections),
    units: unitsOf(sections, request.units),
    files: filesOf(sections, request),
    envFiles: envFilesOf(sections, request),
    users: usersOf(sections, request),
    firewall: firewallOf(sections),
    fail2ban: fail2banOf(sections),
    addresses: addressesOf(sections),
    tailscale: tailscaleOf(sections),
    listeners,
    git: /^git version (\S+)/.exec(linesOf(sections, 'git')[0] ?? '')?.[1] ?? null,
    checkouts: checkoutsOf(sections, request),
    gateway: gatewayOf(sections, program, {uptimeS: machine.uptimeS, listeners}),
    openclaw: program.openclaw,
    config: program.config,
    accounts: program.accounts,
    plugins: program.plugins,
    pulled: program.pulled,
    guard: program.guard,
    nodes: nodesOf(sections, request),
    ...probeOf(sections, request),
    lock: lockOf(sections),
    monitorState: monitorStateOf(sections),
  };
}

/**
 * The host read its clock twice, after the script was sent and before the answer was here: the offset lies between
 * the two differences, and their middle is off by half the network's round trip at most.
 */
function clockOffset(sections: Sections, {sentAtMs, receivedAtMs}: ReadingTimes): number {
  const at = (name: string) => decimal(linesOf(sections, name)[0], Number.NaN) * 1000;
  const first = at('clock');
  const last = at('clock2');
  if (Number.isNaN(first)) return 0;
  if (Number.isNaN(last)) return Math.round(first - sentAtMs);
  return Math.round((first - sentAtMs + (last - receivedAtMs)) / 2);
}

/** Nothing in a reading from before it was asked. */
function clockSynced(sections: Sections): Pick<HostFacts, 'clockSynced'> {
  if (!sections.has('clocksynced')) return {};
  const text = need(sections, 'clocksynced');
  if (!text.known) return {clockSynced: text};
  const said = text.value.trim();
  if (said === 'yes' || said === 'no') return {clockSynced: {known: true, value: said === 'yes'}};
  return {clockSynced: {known: false, reason: 'timedatectl gave an unexpected answer'}};
}

function nodesOf(sections: Sections, request: FactsRequest): HostFacts['nodes'] {
  const found: HostFacts['nodes'] = {};
  for (const line of linesOf(sections, 'nodes')) {
    const [, index, version] = /^(\d+) v(\d+\.\d+\.\d+\S*)$/.exec(line) ?? [];
    const dir = request.binDirs[whole(index, -1)];
    if (dir !== undefined && version !== undefined) found[`${dir}/node`] = version;
  }
  return found;
}

/** Nothing where no probe was asked for, or the monitor that knows what to ask is not installed. */
function probeOf(sections: Sections, {probe}: FactsRequest): {probe?: ProbeFact} {
  if (probe === undefined) return {};
  const section = sections.get('probe');
  const output = section?.text ?? '';
  const told = /^TARGET ([0-9a-fA-F.:]+ \d{1,5})\n/.exec(output);
  const target = told?.[1] ?? (probe === 'watched' ? undefined : `${probe.address} ${probe.port}`);
  if (target === undefined) return {};
  const text = told ? output.slice(told[0].length - 1) : output;
  const [, status, seconds] =
    /^HTTP (\d{3}) (\d+(?:\.\d+)?)\s*$/m.exec(text.slice(text.lastIndexOf('\nHTTP ') + 1)) ?? [];
  const body = stripControl(text.slice(0, Math.max(0, text.lastIndexOf('\nHTTP '))))
    .trim()
    .slice(0, 4096);
  const code = whole(status);
  const why = oneLine(section?.stderr ?? '').replace(/^curl: /, '');
  return {
    probe: {
      target,
      status: code,
      tookMs: Math.round(decimal(seconds) * 1000),
      body: code === 0 ? '' : body,
      ...(code === 0 && {error: why || 'the reading was cut off before it'}),
    },
  };
}
