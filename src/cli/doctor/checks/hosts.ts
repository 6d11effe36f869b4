import {ok, problem, tip, type Finding} from '../finding.js';
import type {HostReading} from '../readings.js';

/** What came of knocking. Pure. */
export const hostFindings = (hosts: readonly HostReading[]): Finding[] => hosts.map(hostFinding);

function hostFinding({who, target, seen}: HostReading): Finding {
  const name = who === target ? target : `${who} (${target})`;
  switch (seen.state) {
    case 'silent':
      return problem('hosts', `${name} cannot be reached: ${seen.why}.`, `ssh ${target} says more.`);
    case 'indirect':
      return ok('hosts', `${name} is behind ${seen.by}, and was not knocked at.`);
    case 'answers':
      return keyFinding(name, target, seen);
  }
}

function keyFinding(
  name: string,
  target: string,
  {banner, key, known, ms}: HostReading['seen'] & {state: 'answers'},
): Finding {
  const answered = `${name} answers in ${ms} ms (${banner})`;
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
    case 'changed':
      return problem(
        'hosts',
        `${answered} with ANOTHER key than the known one: ${key}.`,
        `Only if you reinstalled it: failover-wizard keys forget ${target.replace(/^.*@/, '')}`,
      );
    case 'revoked':
      return problem('hosts', `${answered} with a key that known_hosts has revoked.`, 'Do not log in there.');
  }
}
