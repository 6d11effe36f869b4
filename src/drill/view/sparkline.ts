const bars = '▁▂▃▄▅▆▇█';
/** Where there is nothing to draw: not measured, no drill. One column. */
const none = '·';
/** Of the highest: the least that lies between ▁ and █, so that noise looks like noise. */
const leastSpan = 0.2;

/** Numbers as bars of one column each, and the lowest and the highest of them. */
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
  // What hardly differs stands in the middle.
  const [middle, half] = [(low + high) / 2, (Math.abs(high) * leastSpan) / 2];
  const [bottom, top] = [Math.min(low, middle - half), Math.max(high, middle + half)];
  const text = values
    .map((value) => {
      if (value === null) return none;
      const part = top === bottom ? 0.5 : (value - bottom) / (top - bottom);
      return bars[Math.round(part * (bars.length - 1))]!;
    })
    .join('');
  return {text, low, high};
}
