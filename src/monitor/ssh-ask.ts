import type {PrimaryReport} from './evidence.js';
import {oneLine} from './files.js';
import {parseReport} from './primary-report.js';
import type {Ended} from './run-bounded.js';

/** The name that the primary's host key has in our known_hosts file, on whatever address it is met. */
export const hostKeyAlias = 'openclaw-failover-primary';

export interface SshCall {
  user: string;
  address: string;
  port: number;
  /** Own address to connect from. */
  from?: string;
  key: string;
  knownHosts: string;
  connectTimeoutMs: number;
}

/**
 * ssh as a program that asks for one report: no config file, no agent, no other key, no other host key, no question,
 * no terminal. Which command runs is the server's decision (authorized_keys), so none is given.
 */
export function sshArgv(call: SshCall): [string, ...string[]] {
  const options = {
    AddKeysToAgent: 'no',
    BatchMode: 'yes',
    ClearAllForwardings: 'yes',
    ConnectTimeout: String(Math.ceil(call.connectTimeoutMs / 1000)),
    ConnectionAttempts: '1',
    ControlMaster: 'no',
    ControlPath: 'none',
    EscapeChar: 'none',
    GSSAPIAuthentication: 'no',
    GlobalKnownHostsFile: '/dev/null',
    HostKeyAlias: hostKeyAlias,
    IdentitiesOnly: 'yes',
    IdentityAgent: 'none',
    // The quickest that everybody has goes first; what else a server insists on stays possible.
    KexAlgorithms: '^curve25519-sha256',
    // Says how far it got ("Remote protocol version", "Authenticated to"): what tells a host that does not answer from
    // one that is slow, and from a report that does not come.
    LogLevel: 'DEBUG1',
    PreferredAuthentications: 'publickey',
    StrictHostKeyChecking: 'yes',
    UpdateHostKeys: 'no',
    UserKnownHostsFile: call.knownHosts,
    ...(call.from !== undefined && {BindAddress: call.from}),
  };
  return [
    'ssh',
    '-F',
    'none',
    '-naxT',
    '-i',
    call.key,
    ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
    '-p',
    String(call.port),
    '-l',
    call.user,
    '--',
    call.address,
  ];
}

const acceptsOnly = 'it takes the connection, and no SSH answers in time';
const slow: Answer = {kind: 'slow', detail: 'its SSH answers, and lets nobody in in time'};
/** A greeting comes from a program: what sends one is not frozen, however long the rest takes. */
const hasGreeted = (stderr: string) => /^debug1: Remote protocol version /m.test(stderr);

/** What one attempt came to. `final`: another way to the same server would end the same. */
export type Answer =
  | {kind: 'report'; report: PrimaryReport}
  | {kind: 'refused'; final: boolean; detail: string}
  | {kind: 'slow' | 'other-host' | 'mute' | 'silent' | 'unavailable'; detail: string};

const rules: readonly {when: RegExp; answer: (detail: string) => Answer}[] = [
  // Ours to mend: the key, its file, the options, the user of this process.
  {
    when: /^Load key ".*": |UNPROTECTED PRIVATE KEY FILE|Bad (?:configuration|owner)|^No user exists for uid/m,
    answer: (detail) => ({kind: 'unavailable', detail}),
  },
  {
    when: /REMOTE HOST IDENTIFICATION HAS CHANGED|^Host key verification failed\.\r?$/m,
    answer: () => ({kind: 'other-host', detail: 'its host key is not the pinned one'}),
  },
  {
    when: /^\S+: Permission denied \(|Too many authentication failures/m,
    answer: (detail) => ({kind: 'refused', final: true, detail}),
  },
  // A refused port is an answer: the host lives.
  {when: /port \d+: Connection refused/, answer: (detail) => ({kind: 'refused', final: false, detail})},
  // Errors of this host's own network say nothing about the primary.
  {
    when: /^bind |port \d+: (?:Network is (?:unreachable|down)|Operation not permitted|Permission denied|Cannot assign requested address)/m,
    answer: (detail) => ({kind: 'unavailable', detail}),
  },
  {
    when: /port \d+: (?:Connection timed out|No route to host|Host is down)/,
    answer: (detail) => ({kind: 'silent', detail}),
  },
  // Its kernel takes connections and no sshd speaks: stalled or frozen, and neither silence nor a word.
  {
    when: /timed out during banner exchange|port \d+ timed out/,
    answer: () => ({kind: 'mute', detail: acceptsOnly}),
  },
  // Somebody took the connection and hung up: sshd at its limit, a ban, an exchange that cannot be agreed on.
  {
    when: /kex_exchange_identification|Connection (?:closed|reset) by|Unable to negotiate/,
    answer: (detail) => ({kind: 'refused', final: false, detail}),
  },
];

/**
 * What an ssh that has ended says about the primary; its stderr is told apart by OpenSSH's own sentences.
 * @param connects whether its port takes connections, as far as that was tried apart from this
 */
export function answerOf(ended: Ended, connects?: boolean): Answer {
  if (ended.error !== undefined)
    return {kind: 'unavailable', detail: `ssh could not be started: ${ended.error}`};
  if (ended.tooLong) return {kind: 'unavailable', detail: 'its answer is longer than a report'};
  if (ended.timedOut) {
    if (/^Authenticated to /m.test(ended.stderr))
      return {kind: 'refused', final: true, detail: 'it lets us log in, and its report does not come'};
    if (hasGreeted(ended.stderr)) return slow;
    // ssh gives up by itself where nothing takes the connection, so it got further than that.
    return connects === false
      ? {kind: 'silent', detail: 'no connection in time'}
      : {kind: 'mute', detail: acceptsOnly};
  }
  if (ended.code === 0) {
    const report = parseReport(ended.stdout);
    return report ? {kind: 'report', report} : {kind: 'unavailable', detail: 'its answer is not a report'};
  }
  const detail = lastLine(ended.stderr);
  if (ended.code === 255) {
    const rule = rules.find(({when}) => when.test(ended.stderr));
    const answer: Answer = rule ? rule.answer(detail) : {kind: 'unavailable', detail: detail || 'ssh failed'};
    return answer.kind === 'mute' && hasGreeted(ended.stderr) ? slow : answer;
  }
  if (ended.code === null) return {kind: 'unavailable', detail: 'ssh was ended by a signal'};
  return {
    kind: 'refused',
    final: true,
    detail: oneLine(`its report ended with exit code ${ended.code}: ${detail}`),
  };
}

/** Lines of ssh itself that say nothing about how it ended. */
const chatter = /^(?:debug1: |Authenticated to |Transferred: |Bytes per second: |Connection to \S+ closed)/;

function lastLine(stderr: string): string {
  const lines = stderr
    .split('\n')
    .map((line) => oneLine(line))
    .filter((line) => line !== '' && !chatter.test(line));
  return lines.at(-1) ?? '';
}

/** What is worth most, first: who has heard from the host outranks who has not. */
const worth: readonly Answer['kind'][] = [
  'report',
  'refused',
  'slow',
  'other-host',
  'unavailable',
  'mute',
  'silent',
];

export const better = (one: Answer, other: Answer): boolean =>
  worth.indexOf(one.kind) < worth.indexOf(other.kind);
