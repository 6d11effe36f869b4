import type {AccountFact, Split} from '../channels/types.js';
import {clean} from './clip.js';
import {dim, span, type Line, type Span, type Tone} from './line.js';
import {glyph} from './theme.js';

const badges = {
  disjoint: {mark: glyph.well, tone: 'good'},
  conflict: {mark: glyph.warn, tone: 'bad'},
  unknown: {mark: glyph.unknown, tone: 'warn'},
} as const satisfies Record<Split['state'], {mark: string; tone: Tone}>;

/** The first thing that is wrong, in a few words: `irc backup`, or why the split is not known. */
function detailOf(split: Split): string {
  if (split.state === 'disjoint') return '';
  if (split.state === 'unknown') {
    const [first] = split.reasons;
    if (first === undefined) return '';
    return saysHost(first.reason) ? first.reason : `${first.host}: ${first.reason}`;
  }
  const [first] = split.conflicts;
  if (first === undefined) return '';
  const more = split.conflicts.length > 1 ? ` and ${split.conflicts.length - 1} more` : '';
  const names =
    first.primaryAccount === first.standbyAccount
      ? first.standbyAccount
      : `${first.primaryAccount} = ${first.standbyAccount}`;
  return `${first.channel} ${names}${more}`;
}

/** Errors of a connection name the host themselves. */
const saysHost = (reason: string) => /^the (?:primary|standby)\b/i.test(reason);

/** The badge that is on every screen: `split ● disjoint`, `split ▲ conflict irc backup`, `split ? unknown …`. */
export function splitBadge(split: Split | undefined): Line {
  if (split === undefined) return [dim('split '), dim('· not checked yet')];
  const {mark, tone} = badges[split.state];
  const detail = clean(detailOf(split));
  const words =
    split.state === 'unknown' && detail !== '' ? `${split.state}: ${detail}` : `${split.state} ${detail}`;
  return [dim('split '), span(`${mark} ${words.trim()}`, {tone, bold: split.state !== 'disjoint'})];
}

/** The same for a printed line: `disjoint`, or every conflict's sentence, or every reason. */
export function splitSentences(split: Split): string[] {
  if (split.state === 'disjoint')
    return ['The split is disjoint: no account and no credential is on both nodes.'];
  if (split.state === 'conflict') return split.conflicts.map((each) => clean(each.sentence));
  return split.reasons.map(({host, reason}) => {
    const said = clean(reason);
    return `The split is unknown: ${saysHost(said) ? said.replace(/^The/, 'the') : `on the ${host}, ${said}`}`;
  });
}

function accountLine(fact: AccountFact): Line {
  const who = fact.identity?.label ?? fact.unknown ?? 'identity unknown';
  const unresolved = fact.credentials.filter((each) => each.unresolved !== undefined);
  const state: Span = fact.enabled ? span('enabled', {tone: 'good'}) : dim('disabled');
  return [
    span(`   ${clean(`${fact.channel} ${fact.account}`).padEnd(22)} `),
    state,
    span(fact.enabled ? '   ' : '  '),
    fact.identity ? span(clean(who)) : span(clean(who), {tone: 'warn'}),
    ...(unresolved.length === 0
      ? []
      : [span(`   ${unresolved.map((each) => each.field).join(', ')} not resolved`, {tone: 'warn'})]),
  ];
}

/** The page behind `s`: every account of both nodes and who owns it. */
export function splitPage(split: Split | undefined): Line[] {
  if (split === undefined) return [[dim('The split has not been checked yet.')]];
  const verdict = splitSentences(split).map((sentence): Line => [
    span(`${badges[split.state].mark} ${sentence}`, {tone: badges[split.state].tone}),
  ]);
  if (split.state === 'unknown') {
    return [
      ...verdict,
      [],
      [dim('Unknown is not disjoint: nothing that would log an account in runs until it is known.')],
    ];
  }
  const owned = (title: string, accounts: readonly AccountFact[]): Line[] => [
    [],
    [span(title, {bold: true})],
    ...(accounts.length === 0 ? [[dim('   no channel account')]] : accounts.map(accountLine)),
  ];
  return [...verdict, ...owned('PRIMARY', split.primary), ...owned('STANDBY', split.standby)];
}
