import {ok, problem, tip, type Finding} from '../finding.js';
import type {HostReading} from '../readings.js';

/** What came of knocking. Pure. */
export const hostFindings = (hosts: readonly HostReading[]): Finding[] => hosts.map(hostFinding);

function hostFinding({who, target, pair, seen}: HostReading): Finding {
  const name = who === target ? target : `${who} (${target})`;
  switch (seen.state) {
    case 'silent':
      return problem('hosts', `${name} cannot be reached: ${seen.why}.`, `${sshOf(target)} says more.`);
    case 'indirect':
      return ok('hosts', `${name} is behind ${seen.by}, and was not knocked at.`);
    case 'answers':
      return keyFinding(name, pair, seen);
  }
}

function keyFinding(
  name: string,
  pair: string,
  {banner, key, known, keyName, ms}: HostReading['seen'] & {state: 'answers'},
): Finding {
  const answered = `${name} answers in ${ms} ms (${banner})`;
  if (typeof known === 'object')
    return problem(
      'hosts',
      `${answered} with ANOTHER key than the known one: ${key}.`,
      `Only if you reinstalled it: ${forgetting[known.not](keyName, pair)}`,
    );
  switch (known) {
    case 'pinned':
      return ok('hosts', `${answered} with its pinned key.`);
    case 'known':
      return ok('hosts', `${answered} with the key of known_hosts.`);
    case 'new':
      return tip(
        'hosts',
        `${answered}; its key is not known here: ${key}.`,
        'setup shows it and asks; compare it with what the provider or the console of the server says.',
      );
    case 'revoked':
      return problem('hosts', `${answered} with a key that known_hosts has revoked.`, 'Do not log in there.');
  }
}

/** How the key that was known is given up, by who knows it. */
const forgetting: Record<'answers' | 'pair' | 'known_hosts', (keyName: string, pair: string) => string> = {
  answers: () => 'put the new fingerprint into hostKey of the pair.',
  pair: (keyName, pair) => `failover-wizard keys forget '${keyName}' --pair ${pair}`,
  known_hosts: (keyName) => `ssh-keygen -R '${keyName}'`,
};

/** As an ssh program wants it, which takes no `host:port`. */
function sshOf(target: string): string {
  const [, host, port] = /^((?:[^@]+@)?(?:\[[^\]]+\]|[^:]+)):(\d+)$/.exec(target) ?? [];
  return host === undefined ? `ssh ${target}` : `ssh -p ${port} ${host.replace(/[[\]]/g, '')}`;
}
