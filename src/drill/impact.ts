import {about} from '../screens/format.js';
import type {Expected} from './expect.js';
import type {FaultName} from './report.js';

export interface ImpactInput {
  fault: FaultName;
  expected: Expected;
  /** For people, e.g. `user unit openclaw-gateway.service of openclaw`. */
  gateway: string;
  /** `irc/backup` */
  account: string;
  /** s until the primary undoes it by itself. */
  revertS: number;
}

/** What a fault does to the users of the primary, and for how long, before it is done; one sentence each. Pure. */
export function impactOf({fault, expected, gateway, account, revertS}: ImpactInput): string[] {
  const {outcome, connectedMs, awayMs} = expected;
  const there = `the bot of the standby (${account}) answers after ${about(connectedMs)} at most`;
  const away = `The bots of the primary are away for ${about(awayMs)}`;
  const alone = `If this machine, its network or this program dies meanwhile, the primary undoes it by itself after ${spanWords(revertS)}.`;
  switch (fault) {
    case 'stop':
      return [
        `Stops the gateway of the primary (${gateway}); it first finishes what it is answering, for up to 5 min.`,
        `${away}; ${there}.`,
        alone,
      ];
    case 'kill':
      return outcome === 'takeover'
        ? [
            `Kills the gateway of the primary (${gateway}). Nothing restarts it: what it was answering is lost.`,
            `${away}; ${there}.`,
            alone,
          ]
        : [
            `Kills the gateway of the primary (${gateway}) as a crash would; what it was answering is lost.`,
            `${away}: it is restarted by its own host, and the standby takes over only if it is not.`,
            alone,
          ];
    case 'hang':
      return [
        `Halts every process of the gateway (${gateway}): it accepts messages, and answers none.`,
        `${away}; ${there}. Messages sent meanwhile are answered late, perhaps by both bots.`,
        alone,
      ];
    case 'partition':
      return [
        'Cuts the private network between the two hosts, and nothing else: SSH to both goes on.',
        outcome === 'hold'
          ? `The bots of the primary go on. The standby must keep still; it is watched for ${about(expected.stillMs)}.`
          : `The bots of the primary go on; the standby takes over beside it after ${about(connectedMs)} at most.`,
        alone,
      ];
    case 'reboot':
      return [
        'Reboots the primary: everything on it is away, not only its bots.',
        `${away}; ${there}, if the primary is not back before.`,
        'If it does not come up again, only the console of your provider helps: nothing can undo a reboot.',
      ];
  }
}

/** `10 min`, `90 s` */
export const spanWords = (s: number): string => (s % 60 === 0 ? `${s / 60} min` : `${s} s`);
