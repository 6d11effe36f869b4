const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long something took or has been going on, from ms: `0.4 s`, `41 s`, `1:12`, `2 h 5 min`, `12 d 4 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '?';
  if (ms < 100) return '<0.1 s';
  if (ms < second) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return clock(ms);
  if (ms < day) return pairOf(Math.floor(ms / hour), 'h', Math.floor((ms % hour) / minute), 'min');
  return pairOf(Math.floor(ms / day), 'd', Math.floor((ms % day) / hour), 'h');
}

function pairOf(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** Minutes and seconds from ms: `0:09`, `1:12`, `61:00`; for clocks that run. */
export function clock(ms: number): string {
  const whole = Math.max(0, Math.floor(ms / second));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

/** A measured span from ms, to a tenth of a second: `19.4 s`; from two minutes on as `duration`. */
export function measured(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '?';
  return ms < 2 * minute ? `${(ms / second).toFixed(1)} s` : duration(ms);
}

/** How old something is, from ms, in its largest unit: `41 s`, `3 min`, `5 h`, `11 d`. */
export function age(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  // A clock that is ahead makes ages negative; nothing is younger than now.
  const old = Math.max(0, ms);
  if (old < minute) return `${Math.floor(old / second)} s`;
  if (old < hour) return `${Math.floor(old / minute)} min`;
  if (old < 2 * day) return `${Math.floor(old / hour)} h`;
  return `${Math.floor(old / day)} d`;
}

/** What is left, from ms, no more exact than it can be: `less than 10 s`, `about 40 s`, `about 4 min`. */
export function about(ms: number): string {
  if (ms < 10 * second) return 'less than 10 s';
  if (ms < 50 * second) return `about ${Math.ceil(ms / (10 * second)) * 10} s`;
  return `about ${Math.max(1, Math.round(ms / minute))} min`;
}

const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

function unitOf(count: number): number {
  let unit = 0;
  // 1023.95 would be rounded up to 1024 of the smaller unit.
  for (let value = count; value >= 1023.95 && unit < units.length - 1; value /= 1024) unit += 1;
  return unit;
}

function inUnit(count: number, unit: number): string {
  const value = count / 1024 ** unit;
  return unit >= 3 && value < 9.95 ? value.toFixed(1) : String(Math.round(value));
}

/** Bytes in powers of 1024: `512 MB`, `2.0 GB`, `38 GB`. */
export function bytes(count: number): string {
  const unit = unitOf(count);
  return `${inUnit(count, unit)} ${units[unit]}`;
}

/** A part of a whole, both bytes, in the unit of the whole: `0.3/2.0 GB`. */
export function share(part: number, whole: number): string {
  const unit = unitOf(whole);
  return `${inUnit(part, unit)}/${inUnit(whole, unit)} ${units[unit]}`;
}

/** `1 change`, `9 changes`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A signed offset from ms: `+12 ms`, `−3 ms`, `+1.4 s`, `−2 h 5 min`. */
export function offset(ms: number): string {
  const size = Math.abs(ms);
  const text = size < second ? `${Math.round(size)} ms` : size < minute ? measured(size) : duration(size);
  return `${ms < 0 ? '−' : '+'}${text}`;
}

/** Local time of day from epoch ms: `14:02:11`. */
export function timeOfDay(epochMs: number): string {
  const at = new Date(epochMs);
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}
