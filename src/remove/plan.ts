import type {HostFacts} from '../facts/types.js';
import {controlOf} from '../gateway/control.js';
import type {Pair} from '../pair/schema.js';
import {enablePatch, isDisabledOnPrimary, reloadIsOff} from '../phases/5-disable.js';
import {withoutLine} from '../phases/authorized-line.js';
import {primaryWorkspacePath} from '../phases/workspace.js';
import type {ConfigPatchChange} from '../plan/change.js';
import type {RemovalChange} from '../plan/kinds/index.js';
import {quote} from '../ssh/quote.js';
import {layout, units} from '../templates/layout.js';
import {hardeningFiles, isOwnUnit, mayRemove, ownFolders, ownUsers, unitFolder} from '../templates/ours.js';
import {deadMen, type Footprint} from './footprint.js';
import type {JudgedManifest} from './manifest.js';
import type {Traces} from './traces.js';

/** What the operator decides. */
export interface Choices {
  /** The account that phase 5 disabled is enabled again. */
  restoreChannel: boolean;
  /** The standby's user `openclaw` stays, with its workspace, config and secrets. */
  keepUser: boolean;
  /** Firewall, fail2ban and security updates of the standby go as well. */
  alsoHardening: boolean;
}

export interface RemovalInput {
  pair: Pair;
  /** Absent: the host was not reached, or nothing is to be done there. */
  standby?: {footprint: Footprint; manifest: JudgedManifest | undefined};
  primary?: {footprint: Footprint; traces: Traces; facts: HostFacts};
  choices: Choices;
}

export type StepId = 'silence' | 'channel' | 'standby' | 'primary';
/** One part of a removal, in the order in which it is done. */
export interface Step {
  id: StepId;
  title: string;
  changes: RemovalChange[];
}

/**
 * Everything of ours that is there, in the order in which it may go: first whatever could start the standby's gateway;
 * then, with its login gone, the primary's account; last on each host the folder with the manifest. Pure; an empty plan
 * means that nothing of ours is left.
 */
export function planRemoval(input: RemovalInput): Step[] {
  const steps: Step[] = [
    {id: 'silence', title: 'The standby falls silent', changes: [...silence(input)]},
    {id: 'channel', title: 'The primary has its channel again', changes: [...channel(input)]},
    {id: 'standby', title: 'Off the standby', changes: [...offStandby(input)]},
    {id: 'primary', title: 'Off the primary', changes: [...offPrimary(input)]},
  ];
  return steps.filter(({changes}) => changes.length > 0);
}

/** Units of ours that systemd knows; one of somebody else under the same name has a file without our header. */
function ownUnitsOf({host, units: there, paths}: Footprint): string[] {
  const foreign = new Set(
    paths.filter(({path, ours}) => path.startsWith(`${unitFolder}/`) && !ours).map(({path}) => unitOf(path)),
  );
  const timers: readonly string[] = Object.values(deadMen);
  return there
    .map(({unit}) => unit)
    .filter((unit) => isOwnUnit(host, unit) && !foreign.has(unit) && !timers.includes(unit));
}

const unitOf = (path: string) => path.slice(unitFolder.length + 1);

/** First who starts others: the monitor, paths and timers; the gateway last. */
function stopRank(unit: string): number {
  if (unit === units.monitor) return 0;
  if (/\.(?:path|timer)$/.test(unit)) return 1;
  return unit === units.gateway ? 3 : 2;
}

function* silence({standby}: RemovalInput): Generator<RemovalChange> {
  if (!standby) return;
  yield* unitsGone(standby.footprint, {
    off: 'monitor, timers and gateway are stopped, the monitor first',
    files: 'nothing is left that could start the gateway: the units go',
  });
}

/** Units that run or are enabled are stopped; then their files go. */
function* unitsGone(
  footprint: Footprint,
  {off, files}: {off: string; files: string},
): Generator<RemovalChange> {
  const {host} = footprint;
  const there = ownUnitsOf(footprint).toSorted((a, b) => stopRank(a) - stopRank(b));
  const busy = footprint.units.some(
    ({unit, active, enabled}) =>
      there.includes(unit) && (!['inactive', 'failed'].includes(active) || enabled.startsWith('enabled')),
  );
  if (busy) {
    yield {
      kind: 'units-off',
      id: `${host}:units-off`,
      host,
      title: off,
      units: there,
      ...(footprint.units.some(({unit, active}) => unit === units.gateway && active === 'active') && {
        disruptive: true,
      }),
    };
  }
  const paths = footprint.paths
    .filter(({path, ours, kind}) => path.startsWith(`${unitFolder}/`) && ours && kind === 'file')
    .map(({path}) => path);
  if (paths.length === 0) return;
  yield {
    kind: 'remove-paths',
    id: `${host}:units`,
    host,
    title: files,
    why: paths.map(unitOf).join(', '),
    paths,
    reload: true,
  };
}

function* channel({pair, primary, choices}: RemovalInput): Generator<ConfigPatchChange> {
  if (!primary || !choices.restoreChannel || !isDisabledOnPrimary(primary.facts, pair)) return;
  const {type, account} = pair.channel;
  const restart = reloadIsOff(primary.facts);
  yield {
    kind: 'config-patch',
    id: `primary:config-patch:${type}:${account}`,
    host: 'primary',
    ...enablePatch(primary.facts, type, account),
    takesEffect: restart ? 'restart' : 'reload',
    ...(restart && {disruptive: true}),
    title: `${type} account "${account}" enabled on the primary again (${restart ? 'restart: its reload mode is off' : 'hot reload, no restart'})`,
    why: 'Put back as it was if the gateway is not healthy afterwards.',
  };
}

/** Whole folders and files, the one with the manifest apart: that goes last. */
function* pathsGone({host, paths}: Footprint, title: string): Generator<RemovalChange> {
  const gone = paths
    .filter(({path, kind, ours}) => (kind === 'file' ? ours : true) && mayRemove(host, path))
    .map(({path}) => path)
    .filter(
      (path) => path !== layout.etc && !path.startsWith(`${unitFolder}/`) && !hardeningFiles.includes(path),
    );
  if (gone.length === 0) return;
  yield {kind: 'remove-paths', id: `${host}:paths`, host, title, why: gone.join(', '), paths: gone};
}

function* manifestGone({host, paths}: Footprint): Generator<RemovalChange> {
  if (!paths.some(({path}) => path === layout.etc)) return;
  yield {
    kind: 'remove-paths',
    id: `${host}:etc`,
    host,
    title: 'settings, keys and, last, the manifest',
    why: layout.etc,
    paths: [layout.etc],
  };
}

/** The standby's side of the input. */
export type StandbySide = NonNullable<RemovalInput['standby']>;

/**
 * Whether the standby's user is the one that setup made: a gateway's user of that name is on many a server, so the word of
 * a manifest is needed. Where the rest is gone, the user was left on purpose, and is its owner's.
 */
export const ownsUser = ({footprint, manifest}: StandbySide): boolean =>
  manifest?.host === 'standby' &&
  manifest.users.includes(layout.user) &&
  footprint.users.some(({user, home}) => user === layout.user && home === layout.home);

/** A user is ours when it lives where we put it. */
function* usersGone(
  {host, users}: Footprint,
  {stays, titleOf}: {stays: (user: string) => boolean; titleOf: (user: string) => string},
): Generator<RemovalChange> {
  for (const {user, uid, home} of users) {
    if (ownUsers(host)[user] !== home || uid === 0 || stays(user)) continue;
    yield {
      kind: 'remove-user',
      id: `${host}:user:${user}`,
      host,
      title: titleOf(user),
      user,
      uid,
      home,
      removeHome: user === layout.user,
    };
  }
}

function* offStandby({standby, choices}: RemovalInput): Generator<RemovalChange> {
  if (!standby) return;
  const {footprint} = standby;
  yield* pathsGone(footprint, 'programs, OpenClaw and its Node, state, caches');
  yield* usersGone(footprint, {
    stays: (user) =>
      user === layout.user && (choices.keepUser || footprint.logins.includes(user) || !ownsUser(standby)),
    titleOf: (user) =>
      user === layout.user
        ? `user ${user} with ${layout.home}: its workspace, config, secrets, sessions and keys`
        : `user ${user}`,
  });
  if (choices.alsoHardening) yield* hardeningGone(footprint);
  yield* manifestGone(footprint);
}

/** Switched off only where nobody else has made a rule, and before the rule goes that lets SSH in. */
function* hardeningGone({host, paths, firewall}: Footprint): Generator<RemovalChange> {
  if (firewall.rules.length > 0 && firewall.others === 0) {
    yield {
      kind: 'firewall-off',
      id: `${host}:firewall`,
      host,
      title: 'firewall switched off, and our rule in it removed',
      rules: firewall.rules,
      disable: firewall.active,
    };
  }
  const files = paths.filter(({path, ours}) => hardeningFiles.includes(path) && ours).map(({path}) => path);
  if (files.length === 0) return;
  yield {
    kind: 'remove-paths',
    id: `${host}:hardening`,
    host,
    title: 'settings of fail2ban and of the security updates',
    why: files.join(', '),
    paths: files,
  };
  yield {
    kind: 'script',
    id: `${host}:fail2ban`,
    host,
    title: 'fail2ban reads its settings again',
    doing: 'restart fail2ban',
    timeoutMs: 60_000,
    script: {label: 'systemctl restart fail2ban', text: withoutJail},
  };
}

/** A host without a log of SSH has nothing for Debian's own jail to read: fail2ban fails at once, and is switched off. */
const withoutJail = `systemctl is-active -q fail2ban.service || exit 0
systemctl restart fail2ban.service
sleep 3
systemctl is-failed -q fail2ban.service || exit 0
echo 'fail2ban has nothing to watch any more: it is switched off'
systemctl disable -q --now fail2ban.service
systemctl reset-failed fail2ban.service
`;

function* offPrimary({primary}: RemovalInput): Generator<RemovalChange> {
  if (!primary) return;
  const {footprint, traces, facts} = primary;
  const host = 'primary' as const;
  yield* unitsGone(footprint, {
    off: 'the workspace is no longer pushed by a timer',
    files: 'the units of the push go',
  });
  for (const {user, comment} of footprint.lines) {
    // Its file is root's, in a folder that goes.
    if (user === layout.reportUser) continue;
    yield {
      kind: 'script',
      id: `${host}:line:${user}:${comment}`,
      host,
      title: `the standby's key may no longer log in as ${user}: the line "… ${comment}" in authorized_keys goes`,
      doing: `take the standby's key away from ${user}`,
      user,
      timeoutMs: 20_000,
      script: {label: `no key of the standby for ${user}`, text: withoutLineOrFile(comment)},
    };
  }
  if (footprint.firewall.rules.length > 0) {
    yield {
      kind: 'firewall-off',
      id: `${host}:firewall`,
      host,
      title: `firewall: the standby's rules go (${footprint.firewall.rules.map((rule) => rule.join(' ')).join('; ')})`,
      rules: footprint.firewall.rules,
      disable: false,
    };
  }
  yield* tracesGone(traces, facts);
  yield* pathsGone(footprint, 'the report, the push, and what a drill left');
  yield* usersGone(footprint, {stays: () => false, titleOf: (user) => `user ${user}, who ran the report`});
  yield* manifestGone(footprint);
}

/** A file that held nothing but our line was made for it. */
const withoutLineOrFile = (comment: string) =>
  `${withoutLine(comment)}[ -s "$keys" ] || { rm -f -- "$keys"; rmdir -- "$HOME/.ssh" 2>/dev/null || :; }\n`;

function* tracesGone({backups, notes, serve}: Traces, facts: HostFacts): Generator<RemovalChange> {
  const host = 'primary' as const;
  const base = {kind: 'script', host, timeoutMs: 60_000} as const;
  if (serve !== undefined) {
    const text = `tailscale serve --tcp=${serve} off </dev/null\n`;
    yield {
      ...base,
      id: 'primary:serve',
      title: `tailscale serve no longer forwards ${serve} to the gateway`,
      doing: 'end the forward of tailscale serve',
      script: {label: `tailscale serve --tcp=${serve} off`, text},
    };
  }
  const user = facts.gateway.known ? facts.gateway.value.user : undefined;
  if (notes.length > 0 && user !== undefined) {
    yield {
      ...base,
      id: 'primary:notes',
      title: 'notes of the push in the .git of the workspace',
      why: primaryWorkspacePath(facts) ?? '',
      doing: 'remove the notes of the push',
      user,
      script: {label: `rm ${quote(notes)}`, text: `rm -f -- ${quote(notes)}\n`},
    };
  }
  const control = controlOf(facts);
  if (backups.length === 0 || !control) return;
  const inside = control.inside(['rm', '-f', '--', ...backups]);
  yield {
    ...base,
    id: 'primary:backups',
    title: `copies of the gateway's config, made before each edit (${backups.length})`,
    why: backups.join(', '),
    doing: "remove the copies of the gateway's config",
    ...(inside.user !== undefined && {user: inside.user}),
    script: {label: `rm ${quote(backups)}`, text: `${quote(inside.argv)} </dev/null\n`},
  };
}

/** Folders and users that a plan leaves although they are ours: a link leads elsewhere, a user lives elsewhere. */
export function leftAlone({host, paths, users}: Footprint): string[] {
  return [
    ...paths
      .filter(({path, kind}) => kind === 'link' && ownFolders(host).includes(path))
      .map(({path}) => `what ${path} leads to: it is a link, and only the link goes`),
    ...paths
      .filter(({path, kind, ours}) => kind === 'file' && !ours && !path.startsWith(`${layout.etc}/`))
      .map(({path}) => `${path}: it does not say that this program wrote it`),
    ...users
      .filter(({user, home}) => ownUsers(host)[user] !== home)
      .map(({user, home}) => `user ${user}: its home is ${home}, not the one that we make`),
  ];
}
