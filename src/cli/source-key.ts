import {Abort, Exit} from '../errors.js';
import {withValue} from '../pair/path.js';
import type {Pair} from '../pair/schema.js';
import {parseSource} from '../pair/secrets-source.js';
import {placeOf} from '../phases/secrets-pull.js';
import {seenKeys} from '../plan/source-key.js';
import type {Host} from '../ssh/host.js';
import type {Prompter} from './prompter.js';
import type {Asking} from './questions/question.js';

/**
 * A third server that secrets are pulled from is a stranger until somebody has seen its host key: shown as the
 * standby sees it, and kept in the answers.
 * @throws Abort (4) when nobody can be asked, or they say no
 */
export async function pinSource(
  pair: Pair,
  asking: Asking,
  standby: Host,
  {ask, prompter}: {ask: boolean; prompter: Prompter},
): Promise<void> {
  const sync = pair.secretsSync;
  const source = sync === null ? undefined : parseSource(sync.host);
  if (sync === null || !source || sync.hostKey !== undefined || !asking.facts) return;
  if (placeOf(source, {pair, ...asking.facts}) !== 'elsewhere') return;
  const [seen] = await seenKeys(standby, source);
  if (!seen) return;
  if (ask) {
    prompter.note(
      `\n  First contact with the source of secrets, ${sync.host}.\n  Its ${seen.type} key is ${seen.fingerprint}`,
    );
    const yes = await prompter.confirm({
      message: 'Is this its key?',
      why: 'Compare it there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      initial: false,
    });
    if (yes) {
      asking.draft = withValue(asking.draft, ['secretsSync', 'hostKey'], seen.fingerprint);
      return;
    }
  }
  throw new Abort(
    `The host key of ${sync.host}, where secrets are to be pulled from, was confirmed by nobody.`,
    {
      detail: `seen  ${seen.fingerprint} (${seen.type})`,
      next: [
        'Compare it there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
        `If it is the same, put "hostKey": "${seen.fingerprint}" into secretsSync of the answers.`,
      ],
      exit: Exit.unreachable,
    },
  );
}
