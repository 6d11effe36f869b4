import {clean} from '../../clip.js';
import {age} from '../../format.js';
import {dim, lineWidth, span, type Line, type Tone} from '../../line.js';
import {glyph} from '../../theme.js';
import type {HealthSample, WatchSample} from '../model/sample.js';
import {markOf, said, unknown, type Item} from './item.js';

const bars = '▁▂▃▄▅▆▇█';

/** ms; faster answers than this are drawn as equally low, so that a quiet network looks quiet. */
const lowMs = 20;

/** One column per probe: its height is the time of the answer beside the slowest, ✖ for none. */
export function sparkline(history: readonly (number | null)[], columns = history.length): string {
  const shown = columns <= 0 ? [] : history.slice(-columns);
  const slowest = Math.max(lowMs, ...shown.map((ms) => ms ?? 0));
  return shown
    .map((ms) => (ms === null ? glyph.failed : bars[Math.min(7, Math.floor((ms / slowest) * 7.99))]))
    .join('');
}

const classWords: Readonly<Record<string, string>> = {
  'http-bad': 'answers an error',
  'wrong-service': 'not a gateway',
  'own-network-bad': 'standby offline',
};
const passing = new Set(['starting', 'draining', 'own-network-bad']);

/** The class of the newest probe as the view says it. */
export function healthWords({class: name}: Pick<HealthSample, 'class'>): string {
  return Object.hasOwn(classWords, name) ? classWords[name]! : clean(name);
}

export function healthTone({well, class: name}: Pick<HealthSample, 'class' | 'well'>): Tone {
  if (well) return 'good';
  return passing.has(name) ? 'warn' : 'bad';
}

/** ms after which the newest probe is no longer news of now. */
const oldMs = 15_000;
/** A sparkline of fewer columns says nothing. */
const leastBars = 5;
/** More of the newest sees more than the eye: about as many minutes. */
const mostBars = 120;

/** The primary's health class, how long it took to answer, and the last minutes. */
export function healthItem({health}: WatchSample): Item {
  if (health === null) {
    const nobody: Line = [unknown('nobody has looked')];
    return {label: 'health', rank: 0, rows: () => [nobody], brief: nobody};
  }
  const tone = healthTone(health);
  const word = said(markOf(tone), healthWords(health), tone);
  const took = span(`   ${Math.round(health.tookMs)} ms`);
  const note = health.agoMs > oldMs ? `${age(health.agoMs)} ago` : '';
  // How long silence took is the time that was waited, and says nothing.
  const head: Line = [word, ...(health.well ? [took] : []), ...(note === '' ? [] : [dim(`   ${note}`)])];
  return {
    label: 'health',
    rank: 0,
    bright: true,
    brief: head,
    rows: (columns) => {
      const room = columns - lineWidth(head) - 2;
      const bars = room < leastBars ? '' : sparkline(health.history, Math.min(room, mostBars));
      const first: Line = bars === '' ? head : [...head, dim(`  ${bars}`)];
      return [first, ...detailRow(health, columns)];
    },
  };
}

/** What the probe said, where there is room for it: in narrow panes the verdict has it. */
function detailRow({well, detail}: HealthSample, columns: number): Line[] {
  const words = clean(detail);
  return well || words === '' || columns < 40 ? [] : [[dim(words)]];
}
