import {render, type Instance} from 'ink';
import type {ReactNode} from 'react';
import {claimTerminal, type Terminal} from './terminal.js';

/** Draws a screen on the alternate screen of a terminal, with the keyboard its own; Ctrl+C is a key like any other. */
export function drawScreen(node: ReactNode, terminal: Terminal): Instance {
  claimTerminal(terminal);
  return render(node, {
    stdout: terminal.stdout,
    stdin: terminal.stdin,
    stderr: terminal.stderr,
    alternateScreen: true,
    incrementalRendering: true,
    interactive: true,
    exitOnCtrlC: false,
  });
}
