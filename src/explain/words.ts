import type {Asked, Interrogation} from '../monitor/evidence.js';
import type {Hold} from '../monitor/memory.js';
import {rules, ruleOf, type Reason, type Signs} from '../monitor/verdict.js';

/** What held a takeover or a give-back, in a few words. */
export const holdWords: Readonly<Record<Hold, string>> = {
  paused: 'a pause',
  isolated: 'this host itself was cut off',
  limit: 'the limit of takeovers',
  booting: 'this host had just booted',
  unclean: "the standby's own gateway ended uncleanly too often",
  latched: 'the primary came and went too often',
  manual: 'failback is manual',
  'by-hand': 'an operator took over',
};

/** The words of the verdict table for a reason: of the line that fits what is known, else the first of that reason. */
export function titleOf(
  reason: Reason,
  known?: {probe: Signs['probe']; inquiry: Interrogation | null},
): string {
  if (known) {
    const rule = ruleOf({...known, reporting: true, classic: reason === 'classic'}, rules);
    if (rule.reason === reason) return rule.title;
  }
  return rules.find((rule) => rule.reason === reason)?.title ?? reason;
}

/** What came of asking the primary, as a clause. */
export function askedWords(asked: Asked): string {
  if (asked.kind === 'report') {
    const {unit, result, exitCode, loopback} = asked.report;
    const words = [
      `its unit is ${unit}`,
      result && result !== 'success' ? result : '',
      exitCode === 0 ? '' : `exit code ${exitCode}`,
      loopback === 'unknown' ? '' : `on its own host: ${loopback}`,
    ];
    return `it gave its report over the ${asked.path} address: ${words.filter(Boolean).join(', ')}`;
  }
  const why = asked.detail === '' ? '' : ` (${asked.detail})`;
  switch (asked.kind) {
    case 'refused':
      return `its SSH on the ${asked.path} address refuses the key or the command${why}`;
    case 'slow':
      return `its SSH on the ${asked.path} address greets and goes no further${why}`;
    case 'other-host':
      return `another host answers at its address${why}`;
    case 'mute':
      return `its kernel takes connections, and nothing speaks on them${why}`;
    case 'silent':
      return `no SSH on any path${why}`;
    case 'unavailable':
      return `it could not be asked${why}`;
  }
}

/** Everybody who was asked, as clauses. */
export function answerWords({asked, publicPath, witness}: Partial<Interrogation>): string[] {
  return [
    ...(asked ? [askedWords(asked)] : []),
    ...(publicPath
      ? [
          publicPath.alive || publicPath.detail === ''
            ? `its public address ${publicPath.alive ? 'answers' : 'is silent'}`
            : `its public address is silent (${publicPath.detail})`,
        ]
      : []),
    ...(witness ? [`this host is ${witness.alive ? 'online' : 'cut off'} (${witness.by})`] : []),
  ];
}
