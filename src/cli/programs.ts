import {readFile} from 'node:fs/promises';
import {Abort} from '../errors.js';

/** Texts of the one-file programs that run on hosts. */
export interface Programs {
  monitor: string;
  accounts: string;
}

/** @throws Abort when this checkout was not built. */
export async function readPrograms(): Promise<Programs> {
  const [monitor, accounts] = await Promise.all([read('monitor'), read('accounts')]);
  return {monitor, accounts};
}

async function read(name: string): Promise<string> {
  // The same place seen from src/cli and from dist/cli.
  const url = new URL(`../../dist/programs/${name}.mjs`, import.meta.url);
  try {
    return await readFile(url, 'utf8');
  } catch (error) {
    throw new Abort(`The program ${name} that runs on the hosts is missing in this checkout.`, {
      next: ['Build it: npm run build'],
      cause: error,
    });
  }
}
