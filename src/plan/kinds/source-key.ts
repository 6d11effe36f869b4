import {Abort, Exit} from '../../errors.js';
import {knownHostsName} from '../../pair/secrets-source.js';
import {knownHostsFile} from '../../templates/secrets-source.js';
import type {Apply} from '../kind.js';
import {seenKeys} from '../source-key.js';

/** Pins the host key of a server that is none of the pair's, if it shows the one that the operator named. */
export const sourceKey: Apply<'source-key'> = async ({source, pin, header}, {host}) => {
  const seen = await seenKeys(host, source);
  const right = seen.find(({fingerprint}) => fingerprint === pin?.replace(/=+$/, ''));
  if (right) {
    await host.write(knownHostsFile(header, knownHostsName(source), [right.key]));
    return;
  }
  throw new Abort(`The server at ${source.address} does not show the host key that is pinned for it.`, {
    detail: [
      `pinned  ${pin ?? 'none'}`,
      ...seen.map(({fingerprint, type}) => `seen    ${fingerprint} (${type})`),
    ].join('\n'),
    next: [
      'Compare them there: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub',
      'If the seen one is right, put it into secretsSync.hostKey of the answers.',
    ],
    exit: Exit.unreachable,
  });
};
