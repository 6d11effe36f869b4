import type {ModeOptions} from './terminal.js';

/** Options that every command takes, as commander names them. */
export interface CommonOptions extends ModeOptions {
  pair?: string;
  answers?: string;
  dryRun?: boolean;
  color?: boolean;
}

export interface WatchOptions extends CommonOptions {
  bell?: boolean;
}

/** `setup` also has one option per decision; `flags.ts` reads those. */
export interface SetupOptions extends CommonOptions, Readonly<Record<string, unknown>> {
  demo?: boolean;
  breakLock?: boolean;
}
