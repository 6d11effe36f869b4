import type {RemoteFile} from '../../ssh/host.js';
import {quoteWord} from '../../ssh/quote.js';
import {header, type Origin} from '../header.js';
import {layout} from '../layout.js';

/** A POSIX sh program in our folder. `constants` become quoted assignments, so `body` holds nothing but sh. */
export function scriptFile(
  origin: Origin,
  name: string,
  what: string,
  constants: Readonly<Record<string, string>>,
  ...body: readonly string[]
): RemoteFile {
  const assignments = Object.entries(constants).map(([key, value]) => `${key}=${quoteWord(value)}\n`);
  return {
    path: `${layout.lib}/${name}`,
    content: `#!/bin/sh\n${header(origin)}# ${what}\nset -eu\n\n${assignments.join('')}\n${body.map((part) => part.trim()).join('\n\n')}\n`,
    owner: 'root',
    group: 'root',
    mode: 0o755,
  };
}
