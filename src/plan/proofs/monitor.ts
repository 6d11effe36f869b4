import {Abort} from '../../errors.js';
import {units} from '../../templates/layout.js';
import type {Prove} from '../kinds/proof.js';
import {monitorState} from '../monitor-state.js';
import {tail} from '../must.js';
import {until} from '../until.js';

/** ms until the monitor has started and probed once. */
const limitMs = 45_000;

/** The monitor is watching: its state is fresh and its last probe was good. */
export const monitor: Prove = async (_change, {host, say, signal}) => {
  const ok = await until(
    async () => {
      const seen = await monitorState(host);
      say(`monitor: ${seen?.state ?? 'no state yet'}, last probe ${seen?.probe ?? 'none'}`);
      return seen?.state === 'watching' && seen.probe === 'ok';
    },
    {everyMs: 2_000, limitMs, signal},
  );
  if (ok) return;
  const log = await host.run(['journalctl', '-u', units.monitor, '-n', '10', '--no-pager', '-o', 'cat'], {
    timeoutMs: 20_000,
  });
  throw new Abort('The health monitor does not report a good probe of the primary.', {
    detail: tail(log.stdout, 10),
    next: [`On the standby: journalctl -u ${units.monitor} -n 50`],
  });
};
