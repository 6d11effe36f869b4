/** CSI, OSC, DCS and the other string sequences, then two-character escapes. An unfinished one goes with its line. */
const escapes =
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*(?:[@-~]|$)|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)|\x1b[ -/]*(?:[0-~]|$)/g;
/** C0 (apart from newline), DEL, C1, and what reorders or hides text: bidi controls, zero-width space, BOM, separators. */
const controls =
  /[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]/g;

/**
 * Remote text made safe for a terminal: no escape sequences, no control characters; a tab becomes two
 * spaces, newlines stay.
 */
export function stripControl(text: string): string {
  return text.replace(escapes, '').replaceAll('\t', '  ').replace(controls, '');
}
