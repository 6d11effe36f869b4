import type {ReactNode} from 'react';
import {drawScreen} from '../../draw.js';
import type {Terminal} from '../../terminal.js';
import {keepTitle, restoreTitle} from './alerts.js';

/** ms between two ticks, which make ages grow. */
const tickMs = 1000;

export interface MountOptions {
  terminal: Terminal;
  /** Leaves when aborted. */
  signal: AbortSignal;
  tick: () => void;
}

/** Draws `node` on the alternate screen until `signal`, and gives the terminal and its title back. @throws what broke the drawing */
export async function mount(node: ReactNode, {terminal, signal, tick}: MountOptions): Promise<void> {
  terminal.stdout.write(keepTitle);
  const app = drawScreen(node, terminal);
  const ticking = setInterval(tick, tickMs);
  const unmount = () => app.unmount();
  signal.addEventListener('abort', unmount, {once: true});
  if (signal.aborted) unmount();
  try {
    await app.waitUntilExit();
  } finally {
    clearInterval(ticking);
    signal.removeEventListener('abort', unmount);
    terminal.stdout.write(restoreTitle);
  }
}
