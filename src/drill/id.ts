/** The ID of a report, of its file names too: nothing else is ever opened. */
const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)(\d\d)(?:-(\d+))?$/;

export const isId = (text: string): boolean => form.test(text);

/** `2026-11-27T0436` of a moment, in local time. */
export function idOf(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = [String(at.getFullYear()).padStart(4, '0'), two(at.getMonth() + 1), two(at.getDate())];
  return `${day.join('-')}T${two(at.getHours())}${two(at.getMinutes())}`;
}

/** The first of `ID`, `ID-2`, `ID-3` … that is not taken. */
export function freeIdAmong(id: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? id : `${id}-${number}`;
    if (!taken.has(name)) return name;
  }
}

/** Order of two IDs: by their minute, then by their number. */
export function compareIds(one: string, other: string): number {
  const [a, b] = [partsOf(one), partsOf(other)];
  if (a.minute !== b.minute) return a.minute < b.minute ? -1 : 1;
  return a.number - b.number;
}

function partsOf(id: string): {minute: string; number: number} {
  const number = form.exec(id)?.[6];
  return {minute: id.slice(0, 15), number: number === undefined ? 1 : Number(number)};
}

/** `2026-11-27 04:36`: when the drill began, in the time of the machine it was made from. */
export function momentOf(id: string): string {
  const [, year, month, day, hour, minute] = form.exec(id) ?? [];
  return `${year}-${month}-${day} ${hour}:${minute}`;
}
