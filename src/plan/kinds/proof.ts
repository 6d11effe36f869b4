import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import {layout} from '../../templates/layout.js';
import type {ProofChange, ProofName} from '../change.js';
import type {Apply, ApplyContext} from '../kind.js';
import {mustScript} from '../must.js';
import {approveSplit} from '../proofs/approve-split.js';
import {failover} from '../proofs/failover.js';
import {live} from '../proofs/live.js';
import {models} from '../proofs/models.js';
import {monitor} from '../proofs/monitor.js';
import {notify} from '../proofs/notify.js';
import {reach} from '../proofs/reach.js';
import {report} from '../proofs/report.js';
import {secrets} from '../proofs/secrets.js';

/** @returns what is noted on the stamp, where success has more than one form */
export type Prove = (change: ProofChange, context: ApplyContext) => Promise<string | void>;

const proofs: Record<ProofName, Prove> = {
  reach,
  models,
  live,
  'approve-split': approveSplit,
  monitor,
  notify,
  report,
  secrets,
  failover,
};

/** What facts show by themselves at each reading; the others leave a stamp on the standby. */
const unstamped: ReadonlySet<ProofName> = new Set(['reach', 'approve-split', 'monitor']);

/** Tries it for real, then leaves the stamp that keeps it proven while its inputs stay the same. */
export const proof: Apply<'proof'> = async (change, context) => {
  const note = await proofs[change.proof](change, context);
  if (!unstamped.has(change.proof)) await stamp(context.hosts.standby, change, note ?? '');
};

async function stamp(standby: Host, {proof: name, inputs}: ProofChange, note: string): Promise<void> {
  const path = `${layout.proofs}/${name}`;
  const text = `set -eu
mkdir -p ${q(layout.proofs)}
printf '%s\\n' ${q(`${inputs} ${note}`.trimEnd())} > ${q(path)}.new
mv -f ${q(path)}.new ${q(path)}
`;
  await mustScript(standby, {label: `stamp ${name}`, text}, {doing: `note that "${name}" is proven`});
}
