const bars = '▁▂▃▄▅▆▇█';
/** Where there is nothing to draw: not measured, no drill. One column. */
const none = '·';
/** Of the highest: what differs by less than this is drawn as the same, so that noise looks like noise. */
const leastSpan = 0.2;

/** Numbers as bars of one column each, and the numbers that the lowest and the highest bar stand for. */
export interface Sparkline {
  text: string;
  low: number;
  high: number;
}

/** null: not one number. */
export function sparkline(values: readonly (number | null)[]): Sparkline | null {
  const numbers = values.filter((value) => value !== null);
  if (numbers.length === 0) return null;
  const high = Math.max(...numbers);
  const low = Math.min(...numbers);
  const bottom = Math.min(low, high - Math.abs(high) * leastSpan);
  const text = values
    .map((value) => {
      if (value === null) return none;
      const part = high === bottom ? 0 : (value - bottom) / (high - bottom);
      return bars[Math.round(part * (bars.length - 1))]!;
    })
    .join('');
  return {text, low, high};
}
