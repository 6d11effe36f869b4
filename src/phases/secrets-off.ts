import type {Change} from '../plan/change.js';
import {quoteWord as q} from '../ssh/quote.js';
import {appliedStamp, layout, units} from '../templates/layout.js';
import type {PlanInput} from './phase.js';
import {secretsReport} from './secrets-report.js';

/** Phase 4: what an earlier decision left behind, the timer first. */
export function* secretsOff({pair, standby}: PlanInput): Generator<Change> {
  if (pair.secretsSync !== null) return;
  const timer = standby.units[units.secretsPullTimer];
  const there = (path: string) => standby.files[path] !== null && standby.files[path] !== undefined;
  const files = [
    `/etc/systemd/system/${units.secretsPullTimer}`,
    `/etc/systemd/system/${units.secretsPull}`,
    ...secretsPullPaths,
  ].filter(there);
  // A gateway.env of its own is the operator's.
  const own = [layout.pulledSecrets, layout.secretsPullKey].filter(there);
  if (files.length === 0 && own.length === 0) return;
  yield {
    kind: 'script',
    id: 'standby:secrets-off',
    host: 'standby',
    title: 'no secrets are pulled any more; those that were are taken away',
    doing: 'end the pull of secrets',
    timeoutMs: 60_000,
    script: {
      label: 'no secrets are pulled any more',
      text: `set -eu
${timer && timer.loadState !== 'not-found' ? `systemctl disable -q --now ${units.secretsPullTimer}\nsystemctl stop ${units.secretsPull}\n` : ''}rm -f -- ${files.map(q).join(' ')}
systemctl daemon-reload
# As their owner: root follows no link in a folder of somebody else.
[ ! -d ${q(layout.home)} ] || runuser -u ${layout.user} -- sh -c 'case "$(readlink -- "$1")" in "$2"/*) rm -f -- "$1" ;; esac; shift; rm -rf -- "$@"' sh ${[layout.gatewayEnv, layout.pulledSecrets, layout.secretsPullKey, `${layout.secretsPullKey}.pub`].map(q).join(' ')}
`,
    },
  };
}

/** Files of root's that only the pull needs, besides its units. */
const secretsPullPaths = [
  `${layout.lib}/secrets-pull`,
  layout.secretsKnownHosts,
  `${layout.proofs}/secrets`,
  appliedStamp(units.secretsPullTimer),
  secretsReport,
];
