import {measured} from '../../screens/format.js';
import {momentOf} from '../id.js';
import type {DrillReport} from '../report.js';
import {sparkline} from './sparkline.js';

/** How many drills the line under a report shows. */
const shown = 12;

export interface Months {
  /** `12 drills`, of which the newest is the last bar. */
  label: string;
  bars: string;
  /** What the bars mean, and the lowest and the highest. */
  words: string;
  /** `since 2025-12` */
  since: string;
}

/**
 * The newest drills with the same fault up to this one, as bars; null: there is nothing to compare with.
 * @param others kept reports, oldest first; this one may be among them
 */
export function monthsOf(report: DrillReport, others: readonly DrillReport[]): Months | null {
  const before = others.filter(
    ({id, fault, startedAt, verdict}) =>
      id !== report.id &&
      fault === report.fault &&
      startedAt < report.startedAt &&
      verdict.result !== 'stopped',
  );
  const drills = [...before, report].slice(-shown);
  const drawn = sparkline(drills.map(({rtoMs}) => rtoMs));
  if (drills.length < 2 || drawn === null) return null;
  const {low, high, text} = drawn;
  const missing = drills.some(({rtoMs}) => rtoMs === null) ? ', · none' : '';
  return {
    label: `${drills.length} drills`,
    bars: text,
    words: `${low === high ? '' : `${measured(low)} to `}${measured(high)} until the bot was back${missing}`,
    since: `since ${momentOf(drills[0]!.id).slice(0, 7)}`,
  };
}
