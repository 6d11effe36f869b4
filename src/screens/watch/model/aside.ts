import {clean} from '../../clip.js';
import {duration} from '../../format.js';
import type {Seen} from './verdict.js';

/** ms; events of two hosts whose clocks are further apart cannot be put side by side. */
export const apartMs = 5_000;
/** The sentence stands on a small screen: what matters most is enough. */
const most = 2;

/** What does not keep the standby from taking over, and yet is to be known: each a sentence with a blank in front. */
export function aside({primary, standby, monitor, heartbeat}: Seen): string {
  const sentences: string[] = [];
  const away = primary.link.stale || primary.link.state === 'lost';
  if (away && !standby.link.stale)
    sentences.push('This machine does not reach the primary; the standby does.');
  if (monitor.known && monitor.primaryNotReady !== null)
    sentences.push(
      `The primary's gateway is alive, but not ready (${clean(monitor.primaryNotReady)}): its bot may be deaf.`,
    );
  if (heartbeat?.error)
    sentences.push(`The standby's heartbeat to ${clean(heartbeat.name)} fails: ${clean(heartbeat.error)}.`);
  const [one, other] = [primary.clockOffsetMs, standby.clockOffsetMs];
  if (one !== null && other !== null && Math.abs(one - other) > apartMs)
    sentences.push(`The clocks of the two hosts are ${duration(Math.abs(one - other))} apart.`);
  const rebooting = [primary, standby].filter(({rebootPending}) => rebootPending === true);
  if (rebooting.length === 2) sentences.push('Both hosts want a reboot.');
  else if (rebooting[0]) sentences.push(`The ${rebooting[0].host} wants a reboot.`);
  return sentences
    .slice(0, most)
    .map((sentence) => ` ${sentence}`)
    .join('');
}
