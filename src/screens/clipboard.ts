/** OSC 52: the terminal puts it on the clipboard of the operator's machine, also through SSH. */
export function clipboardSequence(text: string): string {
  return `\u001B]52;c;${Buffer.from(text).toString('base64')}\u0007`;
}

/** Whether the terminal did it cannot be known. */
export const copiedNote = 'Copied, where the terminal allows it.';
