import {isIPv4} from 'node:net';
import type {InterrogationSettings} from '../monitor/settings.js';
import type {Change} from '../plan/change.js';
import {gatewayPort} from '../plan/health.js';
import type {RemoteFile} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {interrogationKnownHosts} from '../templates/known-hosts-file.js';
import {layout, publicHalf} from '../templates/layout.js';
import {reportScript} from '../templates/scripts/report.js';
import {monitorView} from './monitor-view.js';
import {privateAddress, standbyAddress} from './network.js';
import type {Finding, PlanInput} from './phase.js';
import {publicAddress} from './public-address.js';
import {sshPort} from './ssh-port.js';
import {inputsHash, wantFile} from './wants.js';
import {witnessesOf} from './witnesses.js';

/** Who asks whom for the report, and from where. */
export interface InterrogationPlan {
  /** Who runs it on the primary. */
  user: string;
  addresses: InterrogationSettings['addresses'];
  /** The standby's addresses, which alone may use the key. */
  from: string[];
  hostKeys: string[];
  /** The report program itself. */
  program: RemoteFile;
}

/**
 * How the monitor will ask the primary for its report; undefined while that cannot be told (no private network yet,
 * nobody reached). A user unit is known to its own user only; everything else a system user can see.
 */
export function interrogationPlan(input: PlanInput): InterrogationPlan | undefined {
  const {pair, primary, standby, reached, version} = input;
  const gateway = primary.gateway.known ? primary.gateway.value : undefined;
  const there = privateAddress(primary, standby, pair);
  const here = standbyAddress(primary, standby, pair);
  const userUnit = gateway?.form === 'user-unit';
  const user = userUnit ? gateway.user : layout.reportUser;
  if (!reached || !gateway || user === undefined || !there.known || !here.known) return undefined;
  if (reached.primary.hostKeys.length === 0) return undefined;
  const open = publicAddress(primary, reached.primary, standby, there.value);
  const family = open && (isIPv4(open.address) ? 4 : 6);
  const source = open && publicAddress(standby, reached.standby, primary, here.value, family);
  return {
    user,
    addresses: [
      {address: there.value, port: sshPort(primary), path: 'private'},
      ...(open ? [{...open, path: 'public' as const}] : []),
    ],
    from: [here.value, ...(source ? [source.address] : [])],
    hostKeys: reached.primary.hostKeys,
    program: reportScript({
      pairName: pair.name,
      version,
      manager: userUnit ? 'user' : gateway.form === 'system-unit' ? 'system' : 'none',
      unit: gateway.unit ?? '',
      port: gatewayPort(primary),
      privateAddress: there.value,
    }),
  };
}

/** The standby's side, before its settings: a key that never leaves it, and the primary's host key. */
export function* interrogationKey(input: PlanInput): Generator<Change> {
  const {pair, standby, version} = input;
  const plan = interrogationPlan(input);
  if (!plan) return;
  const key = standby.files[layout.interrogationKey];
  const right = key?.kind === 'file' && key.mode === 0o600 && key.owner === layout.monitorUser;
  if (!right || publicKeyOf(input) === undefined) yield makeKey(commentOf(pair.name));
  yield* wantFile(standby, interrogationKnownHosts({pairName: pair.name, version}, plan.hostKeys), {
    title: "the primary's host key, as it is pinned here",
  });
}

/** What our line in authorized_keys ends in. */
export const commentOf = (pairName: string) => `openclaw-failover ${pairName}`;

/** The monitor's public key, `TYPE BASE64`; undefined before it is made. */
export function publicKeyOf({standby}: PlanInput): string | undefined {
  const text = standby.files[publicHalf(layout.interrogationKey)]?.content ?? '';
  return /^(ssh-ed25519 [A-Za-z0-9+/]{68}={0,2})(?: |$)/.exec(text.trim())?.[1];
}

/** Made whole beside its place; a public half that is missing is made from the key. */
function makeKey(comment: string): Change {
  const key = layout.interrogationKey;
  return {
    kind: 'script',
    id: 'standby:interrogation-key',
    host: 'standby',
    title: 'a key of the monitor for the primary’s report; it never leaves the standby',
    doing: 'make the key of the monitor',
    timeoutMs: 20_000,
    script: {
      label: `ssh-keygen ${key}`,
      text: `set -eu
umask 077
key=${q(key)}
rm -f -- "$key.new" "$key.new.pub"
if ! ssh-keygen -y -P '' -f "$key" >/dev/null 2>&1; then
  ssh-keygen -q -t ed25519 -N '' -C ${q(comment)} -f "$key.new"
  mv -fT -- "$key.new" "$key"
fi
ssh-keygen -y -P '' -f "$key" > "$key.new.pub"
chmod 644 "$key.new.pub"
mv -fT -- "$key.new.pub" "$key.pub"
chown ${q(`${layout.monitorUser}:${layout.monitorUser}`)} "$key"
chmod 600 "$key"
`,
    },
  };
}

const stampPath = `${layout.proofs}/report`;
/** What a stamp says after the hash of its inputs when the report came. */
export const reportCame = 'ok';

/**
 * Tried once for real, and with it whether the standby sees that it is online; a report that does not come is a
 * warning and no failure, so it is stamped as well.
 * @param changed something of it is about to change: what the stamp says is old then
 */
export function* reportProof(input: PlanInput, changed: boolean): Generator<Change> {
  const plan = interrogationPlan(input);
  if (!plan) return;
  const {user, addresses, from, hostKeys} = plan;
  const inputs = inputsHash({user, addresses, from, hostKeys, witnesses: witnessesOf(input)});
  if (!changed && stampOf(input).inputs === inputs) return;
  yield {
    kind: 'proof',
    id: 'standby:proof:report',
    host: 'standby',
    proof: 'report',
    inputs,
    title: 'the monitor asks the primary for its report over SSH',
  };
}

function stampOf({standby}: PlanInput): {inputs: string; result: string} {
  const [, inputs = '', result = ''] =
    /^(\S+) ?(.*)$/.exec(standby.files[stampPath]?.content?.trim() ?? '') ?? [];
  return {inputs, result};
}

/** A report that does not come: the monitor's newest try says so, or, before that, the one of setup. */
export function reportFindings(input: PlanInput): Finding[] {
  const {monitorState} = input.standby;
  const reach = monitorState.known ? monitorView(monitorState.value)?.reach : undefined;
  const {result} = stampOf(input);
  const tried = result === '' || result.startsWith(reportCame) ? undefined : result;
  const why = reach ? (reach.works ? undefined : reach.detail) : tried;
  return interrogationPlan(input) && why !== undefined ? [noReport(why)] : [];
}

/** @param why what the try said, e.g. `refused: Permission denied (publickey).` */
export const noReport = (why: string): Finding => ({
  id: 'report',
  host: 'primary',
  level: 'warning',
  sentence: `The primary does not give the standby its report over SSH (${why.replace(/\.$/, '')}), so the monitor decides by plain timers.`,
  fix: 'Does its sshd listen on the private address, and do AllowUsers and AuthorizedKeysFile let the key in? The monitor goes on trying.',
});
