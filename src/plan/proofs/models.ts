import {Abort} from '../../errors.js';
import {openclawAs, standbyCli} from '../../gateway/cli.js';
import {layout} from '../../templates/layout.js';
import type {Prove} from '../kinds/proof.js';
import {tail} from '../must.js';

/** The models' credentials are there: without them the gateway still says ready and never answers. */
export const models: Prove = async (_change, {host, input}) => {
  const ran = await host.run(openclawAs(standbyCli, ['models', 'status', '--check']), {
    user: layout.user,
    timeoutMs: 60_000,
    label: 'openclaw models status --check',
  });
  if (ran.code === 0) return;
  throw new Abort(`The model ${input.pair.model.primary} has no working credentials on the standby.`, {
    detail: tail(ran.stderr || ran.stdout, 12),
    next: [
      'Add the key under model.secrets in the answers (by environment variable or file), then run the same command again.',
    ],
  });
};
