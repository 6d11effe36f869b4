/** Shell text as it is written: backslashes stay, and `\${name}` is the shell's own parameter expansion. */
export function posix(strings: TemplateStringsArray): string {
  return strings.raw.join('').replaceAll('\\${', '${');
}
