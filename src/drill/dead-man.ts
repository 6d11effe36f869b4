import {Abort} from '../errors.js';
import {mustRun, mustScript} from '../plan/must.js';
import type {Host} from '../ssh/host.js';
import {quoteWord as q} from '../ssh/quote.js';
import {layout} from '../templates/layout.js';
import type {Origin} from '../templates/header.js';
import type {DrillMark} from './record.js';

/** The transient timer on the primary, and the service that it starts. */
const unit = 'openclaw-failover-drill-revert';
export const revertTimer = `${unit}.timer`;
export const undoScript = `${layout.drillRun}/undo.sh`;
export const markFile = `${layout.drillRun}/drill.json`;
export const firedFile = `${layout.drillRun}/fired`;

/** s by which systemd may be late or early; more means that it is another timer. */
const slackS = 15;

/** Everything that undoes a drill, as a file that anybody can read and run. */
export function undoFile({pairName, version}: Origin, mark: DrillMark, undo: string): string {
  return `# Written by failover-wizard ${version} for the pair "${pairName}", while a drill is under way.
# Undoes the drill ${mark.id} (${mark.fault}). A timer runs it: systemctl list-timers ${revertTimer}
# By hand, as root: sh ${undoScript}
(
${undo}
) || exit
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
rm -f ${firedFile}
printf '%s\\n' ${q(JSON.stringify(mark))} > ${markFile}
printf '%s' ${q(undoFile(origin, mark, undo))} > ${undoScript}
systemctl stop ${revertTimer} 2>/dev/null || :
systemctl reset-failed ${unit}.service 2>/dev/null || :
systemd-run --quiet --unit=${unit} --on-active=${afterS} --timer-property=AccuracySec=1s --collect \\
  --description='failover-wizard: undoes a drill by itself' /bin/sh ${undoScript}
`,
    },
    {doing, timeoutMs: 30_000},
  );
  const leftS = await deadManLeft(primary);
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
export async function deadManLeft(primary: Host): Promise<number | null> {
  const {stdout} = await mustRun(
    primary,
    ['sh', '-c', `systemctl show ${revertTimer} -p ActiveState -p NextElapseUSecMonotonic; cat /proc/uptime`],
    {doing: 'look at the timer that undoes the drill', timeoutMs: 20_000},
  );
  return leftOf(stdout);
}

/** The same from what systemd and /proc/uptime print. Pure. */
export function leftOf(text: string): number | null {
  if (!/^ActiveState=active$/m.test(text)) return null;
  const next = spanS(/^NextElapseUSecMonotonic=(.+)$/m.exec(text)?.[1] ?? '');
  const up = /^(\d+\.\d+) /m.exec(text)?.[1];
  return next === null || up === undefined ? null : next - Number(up);
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

/** Takes it away with everything that it left. */
export async function disarmDeadMan(primary: Host): Promise<void> {
  await primary.script(
    {
      label: `disarm ${revertTimer}`,
      text: `systemctl stop ${revertTimer} 2>/dev/null
rm -rf ${layout.drillRun}
`,
    },
    {timeoutMs: 20_000},
  );
}
