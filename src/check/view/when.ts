const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Day and time of day here, from epoch ms: `27 Nov, 16:02`; of another year than `nowMs`: `27 Nov 2025, 16:02`. */
export function dayAndTime(epochMs: number, nowMs: number): string {
  const at = new Date(epochMs);
  const two = (part: number) => String(part).padStart(2, '0');
  const year = at.getFullYear() === new Date(nowMs).getFullYear() ? '' : ` ${at.getFullYear()}`;
  return `${at.getDate()} ${months[at.getMonth()]}${year}, ${two(at.getHours())}:${two(at.getMinutes())}`;
}
