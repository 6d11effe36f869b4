import {isTree, type Tree} from '../../channels/program/plain-object.js';

/** bytes; a line of at most this length is written in one piece, so it never mixes with another one. */
const mostBytes = 4000;
const mostAccounts = 100;
/** Shorter texts are not searched for: `on` would hit everything. */
const shortestSecret = 6;

/** What a gateway answered to `channels.status`, as much of it as is told, without the secrets. */
export function reportOf(answer: unknown, secrets: readonly string[], tookMs: number): string {
  const told = {known: true, tookMs: Math.round(tookMs), channelAccounts: accountsOf(answer, secrets)};
  const whole = JSON.stringify(told);
  if (Buffer.byteLength(whole) <= mostBytes) return whole;
  // Why an account is away matters less than that it is.
  for (const accounts of Object.values(told.channelAccounts))
    for (const one of accounts) delete one['lastError'];
  while (Buffer.byteLength(JSON.stringify(told)) > mostBytes) {
    const longest = Object.values(told.channelAccounts).toSorted((a, b) => b.length - a.length)[0];
    if (longest?.pop() === undefined) break;
  }
  return JSON.stringify(told);
}

export const unknown = (reason: string, secrets: readonly string[] = []): string =>
  JSON.stringify({known: false, reason: short(reason, secrets)});

function accountsOf(answer: unknown, secrets: readonly string[]): Record<string, Tree[]> {
  const channels = isTree(answer) && isTree(answer['channelAccounts']) ? answer['channelAccounts'] : {};
  let left = mostAccounts;
  return Object.fromEntries(
    Object.entries(channels).flatMap(([channel, list]) => {
      if (!Array.isArray(list)) return [];
      const accounts = list.filter(isTree).slice(0, left);
      left -= accounts.length;
      return [[channel.slice(0, 40), accounts.map((one) => accountOf(one, secrets))]];
    }),
  );
}

function accountOf(one: Tree, secrets: readonly string[]): Tree {
  const flag = (name: string) => (typeof one[name] === 'boolean' ? {[name]: one[name]} : {});
  const text = (name: string) =>
    typeof one[name] === 'string' && one[name] !== '' ? {[name]: short(one[name], secrets)} : {};
  return {
    ...text('accountId'),
    ...flag('enabled'),
    ...flag('running'),
    ...flag('connected'),
    ...text('lifecycle'),
    ...text('lastError'),
  };
}

/** One line of at most 120 characters. An error of a chat service may well quote the token it was asked with. */
function short(text: string, secrets: readonly string[]): string {
  let plain = text;
  for (const secret of secrets)
    if (secret.length >= shortestSecret) plain = plain.replaceAll(secret, '[redacted]');
  return plain
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, 120);
}
