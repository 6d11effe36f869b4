import {Abort, Exit} from '../../errors.js';
import {layout} from '../../templates/layout.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {Prove} from '../kinds/proof.js';
import {mustScript} from '../must.js';
import {mustBeReleased} from '../released.js';

/**
 * Writes the accounts that the standby may log in, with fingerprints keyed by a key that stays on it. The
 * gateway unit's guard compares with this before every start. Only ever run while the split is disjoint.
 */
export const approveSplit: Prove = async (_change, context) => {
  const {host, input} = context;
  if (input.split.state !== 'disjoint') {
    throw new Abort('The channel split is not disjoint, so it cannot be approved.', {
      next: ['failover-wizard status names the account, or why it is not known.'],
      exit: Exit.split,
    });
  }
  await mustBeReleased(context);
  const approved = layout.approvedSplit;
  const text = `set -eu
umask 027
[ -s ${q(layout.splitKey)} ] || { od -An -N32 -tx1 /dev/urandom | tr -d ' \\n' > ${q(layout.splitKey)}.new; mv ${q(layout.splitKey)}.new ${q(layout.splitKey)}; }
chown root:${layout.user} ${q(layout.splitKey)}
chmod 640 ${q(layout.splitKey)}
trap 'rm -f ${q(approved)}.new' EXIT
runuser -u ${layout.user} -- env HOME=${layout.home} ${layout.node} ${layout.accountsProgram} approve > ${q(approved)}.new
[ -s ${q(approved)}.new ]
chown root:root ${q(approved)}.new
chmod 644 ${q(approved)}.new
mv -f ${q(approved)}.new ${q(approved)}
runuser -u ${layout.user} -- env HOME=${layout.home} ${layout.node} ${layout.accountsProgram} guard
`;
  await mustScript(
    host,
    {label: `approve the split in ${approved}`, text},
    {doing: 'approve the channel split'},
  );
};
