import type {HostFacts} from '../facts/types.js';
import {knownHostsName, parseSource} from '../pair/secrets-source.js';
import {layout} from '../templates/layout.js';
import {lineComment} from '../templates/secrets-source.js';
import {secretsPullScriptName} from '../templates/scripts/secrets-pull.js';
import type {Finding, PlanInput} from './phase.js';
import {placeOf} from './secrets-pull.js';

/** A third server that is no source any more: nobody but its owner can take our line away there. */
export function formerSource(input: PlanInput): Finding[] {
  const now = parseSource(input.pair.secretsSync?.host ?? '');
  const was = installedSource(input.standby);
  if (!was || placeOf(was, input) !== 'elsewhere') return [];
  if (now?.user === was.user && now.address === was.address) return [];
  return [
    {
      id: 'former-source',
      host: 'standby',
      level: 'warning',
      sentence: `${was.user}@${knownHostsName(was)} is no source of secrets any more, and still lets the standby's key in.`,
      fix: `There, as ${was.user}: sed -i '/ ${lineComment(input.pair.name)}$/d' ~/.ssh/authorized_keys`,
    },
  ];
}

/** Whom the script that is on the standby asks. */
function installedSource({files}: HostFacts) {
  const text = files[`${layout.lib}/${secretsPullScriptName}`]?.content ?? '';
  const [user, address, port] = ['user', 'address', 'port'].map(
    (name) => new RegExp(`^${name}='?([\\w.:-]+)'?$`, 'm').exec(text)?.[1] ?? '',
  );
  return parseSource(`${user}@${address?.includes(':') ? `[${address}]` : address}:${port}`);
}
