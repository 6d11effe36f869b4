/** What is wrong with the remote of a workspace as a text, or undefined. Pure. */
export function wrongRemote(text: string): string | undefined {
  if (text === '') return 'must be the URL of a Git repository';
  if (text.startsWith('-')) return 'must not begin with a dash';
  // It is saved, shown, and printed in the command that does the same again.
  if (/^https?:\/\/[^/]*@/.test(text)) return 'must not hold a password or token';
  return undefined;
}
