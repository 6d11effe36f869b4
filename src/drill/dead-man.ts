import {Abort} from '../errors.js';
import {mustRun, mustScript} from '../plan/must.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {layout} from '../templates/layout.js';
import type {Origin} from '../templates/header.js';
import {firedFile, gaveUpFile, markFile} from './mark-files.js';
import type {DrillMark} from './record.js';

/** The transient timer on the primary, and the service that it starts. */
const unit = 'openclaw-failover-drill-revert';
export const revertTimer = `${unit}.timer`;
export const undoScript = `${layout.drillRun}/undo.sh`;

/** What does not work at once is tried again: s between two tries, and how many there are. */
const undoEveryS = 10;
const undoTries = 30;
/** s by which systemd may be late or early; more means that it is another timer. */
const slackS = 15;

/** Everything that undoes a drill, as a file that anybody can read and run. */
export function undoFile({pairName, version}: Origin, mark: DrillMark, undo: string): string {
  return `# Written by failover-wizard ${version} for the pair "${pairName}", while a drill is under way.
# Undoes the drill ${mark.id} (${mark.fault}). A timer runs it: systemctl list-timers ${revertTimer}
# By hand, as root: sh ${undoScript}
tries=0
until (
${undo}
); do
  tries=$((tries + 1))
  if [ "$tries" -ge ${undoTries} ]; then
    : > ${gaveUpFile}
    exit 1
  fi
  sleep ${undoEveryS}
done
date -u +%Y-%m-%dT%H:%M:%SZ > ${firedFile}
`;
}

/**
 * Arms it, anew where it was armed: `afterS` s from now the primary undoes the fault, whoever is alive then. Nothing is
 * broken before it was seen to be armed.
 * @throws Abort when it cannot be armed, or is not seen to be
 */
export async function armDeadMan(
  primary: Host,
  {origin, mark, undo, afterS}: {origin: Origin; mark: DrillMark; undo: string; afterS: number},
): Promise<void> {
  const doing = 'arm the timer that undoes the drill by itself';
  await mustScript(
    primary,
    {
      label: `arm ${revertTimer} (${afterS} s)`,
      text: `set -eu
umask 077
mkdir -p ${layout.drillRun}
rm -f ${firedFile} ${gaveUpFile}
printf '%s' ${q(undoFile(origin, mark, undo))} > ${undoScript}
systemctl stop ${revertTimer} 2>/dev/null || :
systemctl reset-failed ${unit}.service 2>/dev/null || :
systemd-run --quiet --unit=${unit} --on-active=${afterS} --timer-property=AccuracySec=1s --collect \\
  --description='failover-wizard: undoes a drill by itself' /bin/sh ${undoScript}
printf '%s\\n' ${q(JSON.stringify(mark))} > ${markFile}
`,
    },
    {doing, timeoutMs: 30_000},
  );
  const leftS = armedFor(await timerText(primary));
  if (leftS === null || Math.abs(leftS - afterS) > slackS) {
    await disarmDeadMan(primary);
    throw new Abort(
      'The timer that undoes the drill by itself was not seen to be armed; without it nothing is left broken.',
      {
        ...(leftS !== null && {detail: `It would run in ${Math.round(leftS)} s, not in ${afterS} s.`}),
        next: [`On the primary: systemctl status ${revertTimer}`],
      },
    );
  }
}

/** s until the timer runs, as systemd itself says; null: none is armed. */
export const deadManLeft = async (primary: Host): Promise<number | null> => leftOf(await timerText(primary));

const properties = ['ActiveState', 'NextElapseUSecMonotonic', 'ActiveEnterTimestampMonotonic'];
/** Prints what systemd knows of the timer, and the time by which it counts. */
export const timerScript = `systemctl show ${revertTimer} ${properties.map((name) => `-p ${name}`).join(' ')}; cat /proc/uptime`;

async function timerText(primary: Host): Promise<string> {
  const {stdout} = await mustRun(primary, ['sh', '-c', timerScript], {
    doing: 'look at the timer that undoes the drill',
    timeoutMs: 20_000,
  });
  return stdout;
}

const nextS = (text: string): number | null =>
  /^ActiveState=active$/m.test(text) ? spanS(/^NextElapseUSecMonotonic=(.+)$/m.exec(text)?.[1] ?? '') : null;

/** s until it runs, from what systemd and /proc/uptime print; null: none is armed. Pure. */
export function leftOf(text: string): number | null {
  const next = nextS(text);
  const up = /^(\d+\.\d+) /m.exec(text)?.[1];
  return next === null || up === undefined ? null : next - Number(up);
}

/**
 * s from when it was armed until it runs: by one clock alone, because /proc/uptime of a container may be its own, and
 * that of a host that slept runs ahead. Pure.
 */
export function armedFor(text: string): number | null {
  const next = nextS(text);
  const since = Number(/^ActiveEnterTimestampMonotonic=(\d+)$/m.exec(text)?.[1] ?? 0) / 1e6;
  return next === null || since === 0 ? leftOf(text) : next - since;
}

const unitsS: Readonly<Record<string, number>> = {
  us: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  month: 2_629_800,
  y: 31_557_600,
};

/** A span as systemd writes it, in s: `2d 3h 4min 5.006s`; null: it is none. Pure. */
export function spanS(text: string): number | null {
  const words = text.trim().split(/\s+/);
  let sum = 0;
  for (const word of words) {
    const [, number, name] = /^(\d+(?:\.\d+)?)([a-z]+)$/.exec(word) ?? [];
    const each = Object.hasOwn(unitsS, name ?? '') ? unitsS[name!] : undefined;
    if (number === undefined || each === undefined) return null;
    sum += Number(number) * each;
  }
  return sum;
}

/**
 * Takes it away with everything that it left.
 * @returns when it had run already, ISO; null: it had not
 * @throws Abort when it is still armed
 */
export async function disarmDeadMan(primary: Host): Promise<string | null> {
  const {stdout} = await mustScript(
    primary,
    {
      label: `disarm ${revertTimer}`,
      text: `systemctl stop ${revertTimer} 2>/dev/null
[ "$(systemctl is-active ${revertTimer})" != active ] || exit 1
head -c 40 ${firedFile} 2>/dev/null
rm -rf ${layout.drillRun}
`,
    },
    {doing: 'take the timer away that undoes the drill', timeoutMs: 20_000},
  );
  const fired = stdout.trim();
  return Number.isNaN(Date.parse(fired)) ? null : fired;
}
