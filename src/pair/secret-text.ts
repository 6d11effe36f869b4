/** What is wrong with a secret's text, or undefined. The text itself is never in the sentence. */
export function wrongText(text: string, where: string): string | undefined {
  if (text === '') return `${where} is empty`;
  if (/[\r\n\0]/.test(text)) return `${where} has more than one line; a secret is one line`;
  return undefined;
}
