import type {Size} from '../../size.js';

/** How the view is arranged at a width. */
export interface Policy {
  panes: 'beside' | 'stacked';
  timeline: 'below' | 'right';
  /** Columns of the part with the panes; the timeline has the rest where it is at the right. */
  left: number;
  /** The whole width without the margins. */
  columns: number;
}

/** The first policy for which a terminal is wide enough. What each pane then says is chosen by what fits into it. */
const policies: readonly {from: number; panes: Policy['panes']; timeline: Policy['timeline']}[] = [
  {from: 160, panes: 'beside', timeline: 'right'},
  {from: 80, panes: 'beside', timeline: 'below'},
  {from: 0, panes: 'stacked', timeline: 'below'},
];

/** Of a wide terminal this much is for the panes, so that three columns are about equally wide. */
const leftShare = 0.63;

export function policyFor({columns}: Size): Policy {
  const {panes, timeline} = policies.find(({from}) => columns >= from)!;
  const inner = columns - 2;
  return {
    panes,
    timeline,
    columns: inner,
    left: timeline === 'right' ? Math.round(inner * leftShare) : inner,
  };
}
