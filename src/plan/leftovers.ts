import {Abort, Exit} from '../errors.js';
import {runMark} from '../ssh/launch.js';
import type {Host} from '../ssh/host.js';
import type {SetupEvent} from './events.js';
import type {Hosts} from './read.js';

/** s that the commands of an earlier run may take to end; the longest of ours is an npm install. */
const limitS = 600;

/**
 * sshd does not end what it runs when a laptop dies or the network is cut: an npm of that run goes on, and would
 * race with the same step of this one. Every command of ours carries a mark in its environment, so what is left can
 * be found, and is waited for. Call it with the pair's lock in hand: then whatever has the mark is left over (or a
 * reading of `watch`, which ends by itself; the stream of `watch`, which may go on for long, has no mark).
 * @throws Abort (124) naming what still runs
 */
export async function awaitLeftovers(
  hosts: Partial<Hosts>,
  emit: (event: SetupEvent) => void,
): Promise<void> {
  for (const host of [hosts.standby, hosts.primary]) {
    if (!host) continue;
    // oxlint-disable-next-line no-await-in-loop
    await awaitOn(host, (line) => emit({type: 'output', host: host.name, line}));
  }
}

async function awaitOn(host: Host, say: (line: string) => void): Promise<void> {
  const text = `unset ${runMark}
mine=" $$ "
p=$$
while [ "$p" -gt 1 ]; do
  p=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$p/status") || break
  mine="$mine$p "
done
left=
for f in $(grep -lasF ${runMark}= /proc/[0-9]*/environ 2>/dev/null); do
  p=\${f#/proc/}
  p=\${p%/environ}
  case $mine in *" $p "*) continue ;; esac
  left="$left $p"
done
end=$(( $(date +%s) + ${limitS} ))
said=
while :; do
  now=
  for p in $left; do
    if grep -qasF ${runMark}= "/proc/$p/environ" 2>/dev/null; then now="$now $p($(cat "/proc/$p/comm" 2>/dev/null))"; fi
  done
  [ -n "$now" ] || exit 0
  [ -n "$said" ] || echo "waiting for what an earlier run left:$now"
  said=1
  if [ "$(date +%s)" -ge "$end" ]; then echo "$now" >&2; exit 3; fi
  sleep 1
done
`;
  const ran = await host.script(
    {label: 'look for commands of an earlier run', text},
    {timeoutMs: (limitS + 30) * 1000, onLine: say},
  );
  if (ran.code !== 3) return;
  throw new Abort(`Commands of an earlier run still run on the ${host.name}:${ran.stderr.trimEnd()}.`, {
    next: ['Look at them there (ps), end them if they hang, then run the same command again.'],
    exit: Exit.timeout,
  });
}
