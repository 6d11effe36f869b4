import {keyPlace, type Change} from '../plan/change.js';
import {layout, publicHalf} from '../templates/layout.js';
import type {AlsoThere} from '../templates/manifest.js';
import {allowsPort} from './1-provision.js';
import {linesOfOurs, withoutLine} from './authorized-line.js';
import {commentOf, interrogationPlan, publicKeyOf, type InterrogationPlan} from './interrogation.js';
import {privateAddress, standbyAddress} from './network.js';
import type {PlanInput} from './phase.js';
import {sshPort} from './ssh-port.js';
import {wantDirectory, wantFile, wantUser} from './wants.js';
import {standbyRule} from './standby-rule.js';

/** The primary's side: the program, who may run it, and the one line that lets the standby's key in for it. */
export function* reportAccess(input: PlanInput): Generator<Change> {
  const {primary} = input;
  const plan = interrogationPlan(input);
  if (!plan) return;
  yield* wantDirectory(primary, layout.lib, 'root', 0o755);
  yield* wantDirectory(primary, layout.etc, 'root', 0o755);
  yield* wantFile(primary, plan.program, {title: 'the report for the standby: one line, reads only'});
  if (plan.user === layout.reportUser) {
    yield* wantUser(
      primary,
      plan.user,
      layout.reportHome,
      true,
      `user ${plan.user}, without a password: runs the report and nothing else`,
      // sshd runs a forced command through the shell.
      '/bin/sh',
    );
    yield* wantDirectory(primary, layout.reportHome, 'root', 0o755);
  }
  yield* letKeyIn(input, plan);
  yield* nobodyElse(input);
  yield* letSshIn(input);
}

/** What the primary's manifest says of it besides the program; `others`: whose lines are still there as well. */
export function reportFootprint(input: PlanInput, others = otherUsers(input)): AlsoThere {
  const plan = interrogationPlan(input);
  const comment = commentOf(input.pair.name);
  const users = [...(plan ? [plan.user] : []), ...others];
  const own = users.includes(layout.reportUser) || Boolean(input.primary.users[layout.reportUser]);
  return {
    authorizedKeys: users.map((user) => ({user, comment})),
    ...(own && {users: [layout.reportUser], folders: [layout.reportHome]}),
  };
}

/** Who has our line and does not run the report: the gateway has moved to another kind of unit, or to another user. */
function otherUsers(input: PlanInput): string[] {
  const {primary, pair} = input;
  const right = interrogationPlan(input)?.user;
  return Object.keys(primary.users).filter(
    (user) => user !== right && linesOfOurs(primary, user, commentOf(pair.name)).length > 0,
  );
}

function* nobodyElse(input: PlanInput): Generator<Change> {
  for (const user of otherUsers(input)) {
    const roots = user === layout.reportUser;
    yield {
      kind: 'script',
      id: `primary:report-line:${user}`,
      host: 'primary',
      title: `the monitor's key may no longer run the report as ${user}`,
      doing: `take away the monitor's key from ${user}`,
      ...(!roots && {user}),
      timeoutMs: 20_000,
      script: {
        label: `no report as ${user}`,
        text: withoutLine(commentOf(input.pair.name), roots ? rootsKeys : undefined),
      },
    };
  }
}

const rootsKeys = `${layout.reportHome}/.ssh/authorized_keys`;

function* letKeyIn(input: PlanInput, {user, from}: InterrogationPlan): Generator<Change> {
  const {primary, pair} = input;
  const comment = commentOf(pair.name);
  const line = `restrict,from="${from.join(',')}",command="${layout.reportProgram}" ${keyPlace} ${comment}`;
  const key = publicKeyOf(input);
  const ours = linesOfOurs(primary, user, comment);
  if (key !== undefined && ours.length === 1 && ours[0] === line.replace(keyPlace, key)) return;
  yield {
    kind: 'authorized-key',
    id: `primary:authorized-key:${user}`,
    host: 'primary',
    title: `the monitor's key may run the report as ${user}, from ${from.join(' and ')} only`,
    user,
    line,
    keyOf: {host: 'standby', path: publicHalf(layout.interrogationKey)},
    comment,
    ...(user === layout.reportUser && {rootsFile: rootsKeys}),
  };
}

/** Where the primary's firewall lets SSH in from chosen addresses only, the standby is one more. */
function* letSshIn({pair, primary, standby}: PlanInput): Generator<Change> {
  const firewall = primary.firewall.known ? primary.firewall.value : undefined;
  const from = standbyAddress(primary, standby, pair);
  if (!firewall?.enabled || !firewall.closed || !from.known) return;
  const port = sshPort(primary);
  const there = privateAddress(primary, standby, pair);
  const device = primary.addresses.find(({address}) => there.known && address === there.value)?.name;
  const open = firewall.rules.some((rule) => letsIn(rule, port, from.value, device));
  if (open) return;
  yield standbyRule({
    id: 'primary:firewall:ssh',
    title: `firewall: the standby (${from.value}) may ask for the report over SSH (${port}/tcp)`,
    from: from.value,
    port,
    comment: 'standby asks',
  });
}

/** A rule of ufw, as the facts give it, that lets one address in over one device to a TCP port. */
function letsIn(rule: string, port: number, from: string, device: string | undefined): boolean {
  if (allowsPort(rule, port)) return true;
  const named = (pattern: RegExp) => pattern.exec(rule)?.[1];
  const on = named(/ in on (\S+)/);
  const source = named(/ from (\S+)/);
  const to = named(/ to \S+ port (\S+)/);
  const protocol = named(/ proto (\S+)/);
  return (
    /^(?:allow|limit) /.test(rule) &&
    (on !== undefined || source !== undefined) &&
    (on === undefined || on === device) &&
    (source === undefined || source === 'any' || source === from) &&
    (to === undefined || to === String(port)) &&
    (protocol === undefined || protocol === 'tcp')
  );
}
