import type {HostName} from '../../ssh/host.js';
import {clean, widthOf} from '../clip.js';
import {foundParts, targetWords} from '../found.js';
import {clipLine, dim, lineWidth, span, spread, type Line} from '../line.js';
import {splitBadge} from '../split-words.js';
import type {SetupView} from './view.js';

/** Program and pair on the left, the split on the right; two lines when they do not fit side by side. */
export function titleLines(view: SetupView, columns: number): Line[] {
  const name: Line = [span('failover-wizard', {bold: true}), dim(' · setup   pair '), span(clean(view.pair))];
  const badge = splitBadge(view.split);
  // A conflict or a reason is worth a line of its own before anything of it is cut.
  if (lineWidth(name) + 2 + lineWidth(badge) <= columns) return [spread(name, badge, columns)];
  return [clipLine(name, columns), clipLine(badge, columns)];
}

// A screen of 80 columns without its edges; below that a line per host would leave out too much.
const oneLine = 78;

/** One line per host; in narrow terminals what was found goes on a second one. */
export function hostLines(view: SetupView, columns: number): Line[] {
  const names: HostName[] = ['primary', 'standby'];
  const targets = names.map((name) => targetWords(view.facts[name], view.targets[name]));
  const targetWidth = Math.max(...targets.map(widthOf));
  return names.flatMap((name, index) => hostLine(view, name, targets[index] ?? '', targetWidth, columns));
}

function hostLine(
  view: SetupView,
  name: HostName,
  target: string,
  targetWidth: number,
  columns: number,
): Line[] {
  const facts = view.facts[name];
  const who: Line = [dim(`${name}  `), span(target)];
  const parts = facts === undefined ? ['reading …'] : foundParts(facts);
  if (columns < oneLine)
    return [clipLine(who, columns), clipLine([dim(`  ${fitting(parts, columns - 2)}`)], columns)];
  const padding = ' '.repeat(targetWidth - widthOf(target) + 3);
  const room = columns - lineWidth(who) - padding.length;
  return [[...who, span(padding), span(fitting(parts, room))]];
}

/** As many parts as fit, whole ones, in their order; the first one always. */
function fitting(parts: readonly string[], room: number): string {
  let text = parts[0] ?? '';
  for (const part of parts.slice(1)) {
    const longer = `${text} · ${part}`;
    // One that does not fit is left out; a shorter one after it may still be worth its place.
    if (widthOf(longer) <= room) text = longer;
  }
  return text;
}
