import type {HostFacts} from '../facts/types.js';

/** The port that SSH really uses: the one this connection came in on. */
export function sshPort(facts: HostFacts): number {
  return facts.sshPort.known ? facts.sshPort.value : 22;
}
