import {stripControl} from '../../ssh/strip.js';
import type {Known} from '../types.js';

/** One part of a reading: what was printed and how its command ended. */
export interface Section {
  text: string;
  /** Exit code. */
  code: number;
  /** End of its stderr. */
  stderr: string;
}
export type Sections = ReadonlyMap<string, Section>;

/** Splits a reading at its markers. What is not between a begin and the end of the same name is dropped. */
export function splitSections(output: string, marker: string): Sections {
  const found = new Map<string, Section>();
  let name: string | undefined;
  let lines: string[] = [];
  for (const line of output.split('\n')) {
    if (line.startsWith(`${marker} < `)) {
      name = line.slice(marker.length + 3).trim();
      lines = [];
    } else if (name !== undefined && line.startsWith(`${marker} > ${name} `)) {
      const [, code = '1', stderr = ''] =
        /^(\d{1,3}) ?(.*)$/.exec(line.slice(marker.length + name.length + 4)) ?? [];
      if (!found.has(name))
        found.set(name, {text: lines.join('\n'), code: Number(code), stderr: oneLine(stderr)});
      name = undefined;
    } else {
      lines.push(line);
    }
  }
  return found;
}

/** The text of a section that ended well, or why there is none. */
export function need(sections: Sections, name: string): Known<string> {
  const section = sections.get(name);
  if (!section) return {known: false, reason: 'the reading was cut off before it'};
  if (section.code === 124) return {known: false, reason: 'it took too long'};
  if (section.code !== 0)
    return {known: false, reason: section.stderr || `its command ended with exit code ${section.code}`};
  return {known: true, value: section.text};
}

/** Lines of a section whatever its exit code, control characters stripped, empty ones left out. */
export function linesOf(sections: Sections, name: string): string[] {
  return lines(sections.get(name)?.text ?? '');
}

export function lines(text: string): string[] {
  return stripControl(text)
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** `name rest` lines as a map; the last one of a name wins. */
export function fields(text: string): Map<string, string> {
  return new Map(
    lines(text).map((line) => {
      const at = line.indexOf(' ');
      return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
}

/** One line that may be shown: no control characters, not endless. */
export function oneLine(text: string, limit = 400): string {
  return stripControl(text).replaceAll(/\s+/g, ' ').trim().slice(0, limit);
}

/** A whole number that is no surprise, else `otherwise`. */
export function whole(text: string | undefined, otherwise = 0): number {
  const value = /^-?\d{1,15}$/.test(text?.trim() ?? '') ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : otherwise;
}

export function decimal(text: string | undefined, otherwise = 0): number {
  return /^\d{1,15}(?:\.\d{1,9})?$/.test(text?.trim() ?? '') ? Number(text) : otherwise;
}

/** Bytes of a base64 text; undefined for anything else. */
export function bytesOf(base64: string | undefined): Uint8Array | undefined {
  if (base64 === undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0)
    return undefined;
  return Buffer.from(base64, 'base64');
}

/** UTF-8 text of bytes; undefined when they are something else. */
export function textOf(bytes: Uint8Array | undefined): string | undefined {
  if (!bytes || bytes.includes(0)) return undefined;
  try {
    return stripControl(new TextDecoder('utf-8', {fatal: true}).decode(bytes));
  } catch {
    return undefined;
  }
}
