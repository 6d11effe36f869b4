import type {HostFacts} from '../facts/types.js';
import {controlOf} from '../gateway/control.js';
import {enablePatch, isDisabledOnPrimary, reloadIsOff} from '../phases/5-disable.js';
import {withoutLine} from '../phases/authorized-line.js';
import {primaryWorkspacePath} from '../phases/workspace.js';
import type {ConfigPatchChange} from '../plan/change.js';
import type {RemovalChange} from '../plan/kinds/index.js';
import {quote} from '../ssh/quote.js';
import {layout} from '../templates/layout.js';
import {manifestGone, pathsGone, unitsGone, usersGone} from './gone.js';
import type {RemovalInput} from './input.js';
import type {Traces} from './traces.js';

export function* channel({pair, primary, choices}: RemovalInput): Generator<ConfigPatchChange> {
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

export function* offPrimary({primary}: RemovalInput): Generator<RemovalChange> {
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
