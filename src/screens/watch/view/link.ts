import {clean, wrap} from '../../clip.js';
import {age} from '../../format.js';
import {dim, span, type Line} from '../../line.js';
import type {LinkSample} from '../model/sample.js';
import {warning} from './item.js';

/** What is shown of this host is not news of now. */
export const isOld = ({state, stale}: LinkSample): boolean => stale || state !== 'up';

/** Something was heard of the host, ever. */
export const wasHeard = ({silentMs}: LinkSample): boolean => silentMs !== null;

/** `data 24 s old`; empty while it is fresh. */
export function ageWords(link: LinkSample): string {
  return isOld(link) && link.silentMs !== null ? `data ${age(link.silentMs)} old` : '';
}

/** `reconnecting, try 3 · next in 4 s` */
export function tryWords({state, attempt, retryInMs, silentMs}: LinkSample): string {
  if (state === 'up') return 'connected, and says nothing';
  const verb = silentMs === null ? 'connecting' : 'reconnecting';
  // The first connection is no repair.
  if (silentMs === null && attempt <= 1 && retryInMs === null) return 'connecting …';
  const now = `${verb}, try ${Math.max(1, attempt)}`;
  return retryInMs === null ? `${now} …` : `${now} · next in ${Math.ceil(retryInMs / 1000)} s`;
}

/** Rows under the name of a host that is not heard: what is being done about it, and why it is needed. */
export function linkRows(link: LinkSample, columns: number, mostRows = 3): Line[] {
  if (!isOld(link)) return [];
  const words = tryWords(link);
  const first: Line = words === 'connecting …' ? [dim(words)] : [warning(words)];
  const error = link.error === null ? [] : wrap(clean(link.error), columns);
  return [first, ...error.map((text): Line => [dim(text)])].slice(0, mostRows);
}

/** The same for a row by itself. */
export const linkBrief = (link: LinkSample): Line =>
  isOld(link) ? [warning([ageWords(link), tryWords(link)].filter(Boolean).join(', '))] : [span('')];
