import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Abort} from '../errors.js';

/** Texts of the one-file programs that are copied to hosts. */
export interface Programs {
  monitor: string;
  accounts: string;
  /** Fed to a host, never kept there. */
  sampler: string;
}

/** `src/templates` and `dist/templates` are equally deep, so this holds for both. */
const folder = fileURLToPath(new URL('../../dist/programs/', import.meta.url));

/**
 * Reads the bundles that `bin/bundle.mjs` wrote.
 * @throws Abort when this checkout was not built
 */
export function loadPrograms(): Programs {
  return {monitor: read('monitor.mjs'), accounts: read('accounts.mjs'), sampler: read('sampler.mjs')};
}

function read(name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8');
  } catch (cause) {
    throw new Abort(`The program ${name} that is copied to hosts is missing from this installation.`, {
      next: ['In a checkout: npm run build', 'Otherwise install failover-wizard again.'],
      cause,
    });
  }
}
