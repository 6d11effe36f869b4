import {clip} from './clip.js';
import {span, type Line} from './line.js';

/** Of a terminal, in characters. */
export interface Size {
  columns: number;
  rows: number;
}

export const smallest: Size = {columns: 40, rows: 10};

export function isTooSmall({columns, rows}: Size): boolean {
  return columns < smallest.columns || rows < smallest.rows;
}

/** The only line of a terminal that is too small for anything else. */
export function enlarge({columns}: Size): Line {
  return [span(clip(`enlarge to ${smallest.columns}×${smallest.rows} or more`, columns))];
}
