/** The three streams of a terminal; `process` is one. */
export interface Terminal {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

/**
 * Takes the keyboard back before a screen is drawn: Ink unrefs stdin when it leaves and prompts pause it, and a
 * screen after either would be deaf or end with the process.
 */
export function claimTerminal({stdin}: Pick<Terminal, 'stdin'>): void {
  stdin.ref?.();
  stdin.resume?.();
}
