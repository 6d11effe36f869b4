import type {PlanInput} from '../../phases/phase.js';
import {keyedHash} from '../../phases/wants.js';
import type {Change} from '../../plan/change.js';
import type {UpgradeEnd, UpgradePlan} from '../../plan/upgrade.js';
import type {Gap, MeasuredGap} from '../../plan/windows.js';
import {clean, wrapHanging} from '../../screens/clip.js';
import {count, duration, measured} from '../../screens/format.js';
import {dim, span, type Line} from '../../screens/line.js';
import {glyph} from '../../screens/theme.js';
import {header} from '../../templates/header.js';
import {layout} from '../../templates/layout.js';

/** One row of versions: what is there, and what is wanted; `same` when nothing is to be done. */
export interface VersionRow {
  what: string;
  now: string;
  wanted: string;
}

const columns = 80;
const row = (text: string, hang = 4): Line[] =>
  wrapHanging(text, columns - 1, hang).map((one) => [span(one)]);

/** Versions of what an upgrade is about, before it. Pure. */
export function versionRows(
  input: PlanInput,
  {ahead, changes}: Pick<UpgradePlan, 'ahead' | 'changes'>,
): VersionRow[] {
  const {pair, primary, standby, version, programs} = input;
  const installed = /Written by failover-wizard (\S+) for/.exec(
    standby.files[layout.manifest]?.content ?? '',
  )?.[1];
  const same =
    standby.files[layout.monitorProgram]?.hash ===
    keyedHash(standby.key, header({pairName: pair.name, version}, '//') + programs.monitor);
  const there = primary.openclaw.known ? primary.openclaw.value : null;
  const here = standby.openclaw.known ? standby.openclaw.value : null;
  const node = changes.find((change) => change.kind === 'node');
  const now = clean(standby.nodes[layout.node] ?? 'unknown');
  const monitor = clean(installed ?? 'unknown');
  return [
    {
      what: 'monitor on the standby',
      now: same || installed !== version ? monitor : `${monitor}, another build`,
      wanted: version,
    },
    {
      what: 'OpenClaw on the standby',
      now: clean(here?.version ?? 'unknown'),
      wanted: ahead ? clean(here?.version ?? '') : clean(there?.version ?? 'unknown'),
    },
    {
      what: 'OpenClaw on the primary',
      now: clean(there?.version ?? 'unknown'),
      wanted: clean(there?.version ?? ''),
    },
    {
      what: 'Node on the standby',
      now,
      wanted: node ? `what OpenClaw asks for (${clean(node.range)})` : now,
    },
  ];
}

function versionLines(rows: readonly VersionRow[]): Line[] {
  return rows.map(({what, now, wanted}) => [
    dim(`  ${what.padEnd(25)}`),
    span(now === wanted ? now : `${now} → ${wanted}`),
  ]);
}

const stepNames: Readonly<Record<Gap['step'], string>> = {
  monitor: 'monitor restarts',
  node: 'Node',
  openclaw: 'OpenClaw',
  plugin: 'channel plugin',
  sleep: 'sleeping gateway',
};

function gapLines(gaps: readonly Gap[], time: (gap: Gap) => string): Line[] {
  const indent = 32;
  return gaps.flatMap((gap) => {
    const [first = '', ...rest] = wrapHanging(clean(gap.why), columns - 1 - indent, 0);
    return [
      [span(`  ${stepNames[gap.step].padEnd(18)}${time(gap).padEnd(12)}`), dim(first)],
      ...rest.map((text): Line => [dim(`${' '.repeat(indent)}${text}`)]),
    ];
  });
}

const usual = ({usualMs}: Gap) => (usualMs === 0 ? '0 s' : `about ${Math.round(usualMs / 1000)} s`);

/** The standby's OpenClaw is newer than the primary's. */
export const aheadSentence = (input: PlanInput) => {
  const version = (facts: PlanInput['primary']) =>
    clean(facts.openclaw.known ? (facts.openclaw.value?.version ?? '') : '');
  return `The standby's OpenClaw ${version(input.standby)} is newer than the primary's ${version(input.primary)}. An older one may refuse the state that a newer one has written, and a gateway that does not start is no standby: so it stays. Upgrade OpenClaw on the primary.`;
};

/** What would be done, and what it costs in protection. Pure. */
export function planWords(plan: UpgradePlan, input: PlanInput): Line[] {
  const {changes, gaps, left, ahead, already} = plan;
  const lines: Line[] = [[span(`Upgrade of the pair ${clean(input.pair.name)}`, {bold: true})]];
  lines.push(...versionLines(versionRows(input, plan)), []);
  if (already !== undefined)
    lines.push(...row(`${glyph.warn} The pair is not protected as it is: ${clean(already)}.`, 2), []);
  if (ahead) lines.push(...row(`${glyph.warn} ${aheadSentence(input)}`, 2), []);
  if (changes.length > 0) {
    lines.push([span(`${count(changes.length, 'change')}:`)]);
    for (const {host, title} of changes) lines.push(...row(`  ${glyph.waiting} ${host}: ${clean(title)}`));
    lines.push([]);
    const some = gaps.some(({usualMs}) => usualMs > 0);
    lines.push([span(some ? 'Unprotected meanwhile:' : 'Unprotected meanwhile: at no moment.')]);
    lines.push(...gapLines(gaps, usual), []);
  }
  lines.push(...leftWords(left, 'before'));
  return lines;
}

const isProof = ({kind}: Change) => kind === 'proof';

/** What is named and left alone. */
function leftWords(left: readonly Change[], when: 'before' | 'after'): Line[] {
  const proofs = left.filter(isProof);
  const others = left.filter((change) => !isProof(change));
  const lines: Line[] = [];
  if (others.length > 0) {
    lines.push([span(`Left to setup, which asks and shows first: ${count(others.length, 'change')}`)]);
    for (const {host, title} of others) lines.push(...row(`  ${glyph.waiting} ${host}: ${clean(title)}`));
    lines.push([]);
  }
  if (proofs.length > 0) {
    lines.push([
      span(when === 'before' ? 'Not tried by an upgrade:' : 'Not tried yet with what is there now:'),
    ]);
    for (const {title} of proofs) lines.push(...row(`  ${glyph.waiting} ${clean(title)}`));
    if (when === 'after')
      lines.push(
        ...row('  failover-wizard setup tries them, at a time that suits you; so does the next drill.', 2),
      );
    lines.push([]);
  }
  return lines;
}

/** How long the pair was unprotected, as one sentence. */
export function unprotectedSentence({unprotectedMs}: Pick<UpgradeEnd, 'unprotectedMs'>): string {
  if (unprotectedMs === null) return 'How long it was unprotected was not seen to its end.';
  return unprotectedMs === 0
    ? 'It was unprotected at no moment.'
    : `It was unprotected for ${seconds(unprotectedMs)} in all.`;
}

/** To a hundredth where a tenth would say nothing. */
const seconds = (ms: number) => (ms < 1_000 ? `${(ms / 1000).toFixed(2)} s` : measured(ms));

const tookOf = (gap: MeasuredGap) => (gap.ms === null ? 'not seen' : gap.ms === 0 ? '0 s' : seconds(gap.ms));

/** What came of it. Pure. */
export function endWords(end: UpgradeEnd, input: PlanInput, ahead: boolean): Line[] {
  const {summary, gaps, left} = end;
  const name = clean(input.pair.name);
  const lines: Line[] = [];
  if (summary.nothingToDo) {
    lines.push([
      span(`${glyph.well} Nothing to upgrade: the pair ${name} has what this version brings.`, {bold: true}),
    ]);
  } else if (summary.complete) {
    lines.push([
      span(`${glyph.well} The pair ${name} is upgraded, in ${duration(summary.tookMs)}.`, {
        tone: 'good',
        bold: true,
      }),
    ]);
    lines.push(...row(`  ${unprotectedSentence(end)}`, 2));
    lines.push(...gapLines(gaps, (gap) => tookOf(gap as MeasuredGap)));
  } else {
    lines.push([
      span(`${glyph.warn} The pair ${name} is upgraded in part only.`, {tone: 'warn', bold: true}),
    ]);
    lines.push(...row(`  ${unprotectedSentence(end)}`, 2));
  }
  lines.push([]);
  if (ahead) lines.push(...row(`${glyph.warn} ${aheadSentence(input)}`, 2), []);
  lines.push(...leftWords(left, 'after'));
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

/** The same as data. */
export const gapJson = ({step, id, usualMs, why, ...rest}: Gap & Partial<MeasuredGap>) => ({
  step,
  change: id,
  usualMs,
  ...('ms' in rest && {ms: rest.ms}),
  why,
});

export const leftJson = (left: readonly Change[]) =>
  left.map(({host, id, kind, title}) => ({host, id, kind, title: clean(title)}));
