import {quoteWord as q} from '../ssh/quote.js';
import type {Host} from '../ssh/host.js';
import {layout} from '../templates/layout.js';

/**
 * Puts a file into the monitor's folder, as root. The folder is the monitor's own, so the file is made where only
 * root can and renamed into it: a rename follows no link. Nothing happens where there is no such folder.
 * @param path of a request in layout.ts
 * @param content shell text that prints what is to stand in the file, whose path is in `$file`; exit 0 leaves it as it is
 */
export function requestText(
  path: string,
  content = ':',
  {run = layout.run, rootOnly = '/run'}: {run?: string; rootOnly?: string} = {},
): string {
  const file = `${run}/${path.split('/').at(-1)}`;
  return `set -eu
if [ -L ${q(run)} ] || [ ! -d ${q(run)} ]; then exit 0; fi
file=${q(file)}
new=$(mktemp -- ${q(rootOnly)}/failover-request-XXXXXXXX)
trap 'rm -f -- "$new"' EXIT
{
${content}
} > "$new"
chmod 644 "$new"
mv -fT -- "$new" "$file"
`;
}

/** Asks the monitor for something by one of the files that it takes; one that cannot be asked is left alone. */
export async function askMonitor(standby: Host, path: string): Promise<void> {
  await standby.script(
    {label: `ask the monitor: ${path.split('/').at(-1)}`, text: requestText(path)},
    {timeoutMs: 20_000},
  );
}
