import {execFile} from 'node:child_process';
import {access} from 'node:fs/promises';
import path from 'node:path';
import {layout, units} from '../../templates/layout.js';
import {readPause} from '../control.js';
import {oneLine, readSmall} from '../files.js';
import type {MonitorPaths} from '../paths.js';
import type {Live} from '../ports.js';
import {monotonicMs} from '../real-ports.js';
import {readReports} from '../reports.js';
import {unreadyOf} from '../retell.js';
import {settingsInForce} from '../good-settings.js';
import {readUnit} from '../unit.js';
import type {LiveLook, Look} from './look.js';

/** bytes; live.json and state.json are far smaller. */
const mostBytes = 1 << 20;

/**
 * Everything this host knows of itself, in well under a second. Whoever is not root learns less.
 * @throws BadSettings when the pair cannot be known
 */
export async function lookHere(paths: MonitorPaths): Promise<Look> {
  const wallMs = Date.now();
  const [{settings}, unit, live, pause, state, guard, reports, fetchedMs, modelsProven] = await Promise.all([
    settingsInForce(paths),
    readUnit(units.monitor),
    readLive(paths),
    readPause(paths.pause),
    readTree(paths.state),
    askGuard(),
    readReports(paths.work, paths.warmReport),
    readStamp(path.join(paths.workspace, '.git', layout.syncStamp)),
    isThere(paths.modelsProof),
  ]);
  const limitMs = Date.parse(String(state?.['noTakeoverUntil'] ?? ''));
  return {
    pair: settings.pair,
    failback: settings.failback,
    account: `${settings.channel.type} account "${settings.channel.account}"`,
    unit: unit.state,
    live,
    pause: pause && pause.untilMs > wallMs ? {leftMs: pause.untilMs - wallMs, why: pause.why} : null,
    limitLeftMs: limitMs > wallMs ? limitMs - wallMs : null,
    guard,
    workspaceAgeMs: fetchedMs === undefined ? null : Math.max(0, wallMs - fetchedMs),
    unready: unreadyOf(reports.find(({job}) => job === 'prepare')),
    modelsProven,
  };
}

/** live.json of this boot; null when there is none. Its age is by the monotonic clock. */
export async function readLive(paths: Pick<MonitorPaths, 'live'>): Promise<LiveLook | null> {
  const live = (await readTree(paths.live)) as Partial<Live> | undefined;
  if (!live || typeof live.state !== 'string' || typeof live.ms !== 'number') return null;
  const {probe} = live;
  return {
    ageMs: Math.max(0, monotonicMs() - live.ms),
    state: oneLine(live.state, 40),
    inStateMs: Number(live.inStateMs) || 0,
    probe: probe
      ? {
          class: oneLine(String(probe.class), 40),
          detail: oneLine(probe.detail ?? ''),
          tookMs: Number(probe.tookMs) || 0,
        }
      : null,
    byHand: live.byHand === true,
    failbackAsked: live.failbackAsked === true,
    held: textOf(live.held),
    degraded: textOf(live.degraded),
    pausedMs: live.pausedMs ?? null,
    latchedMs: live.latchedMs ?? null,
    disk: textOf(live.disk),
    say: oneLine(live.say ?? '', 400),
  };
}

const textOf = (value: unknown) => (typeof value === 'string' && value !== '' ? oneLine(value) : null);

async function readTree(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const tree: unknown = JSON.parse((await readSmall(file, mostBytes)) ?? '');
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Epoch ms that a job wrote. */
async function readStamp(file: string): Promise<number | undefined> {
  const text = (await readSmall(file, 64))?.trim() ?? '';
  return /^\d{10,16}$/.test(text) ? Number(text) : undefined;
}

/** null: this user may not see it. */
async function isThere(file: string): Promise<boolean | null> {
  try {
    await access(file);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? false : null;
  }
}

/** ms; it reads one config and hashes a few words. */
const guardLimitMs = 10_000;

/** The guard that runs before the gateway, as the gateway's user; null where it cannot be run. */
function askGuard(): Promise<Look['guard']> {
  if (process.getuid?.() !== 0) return Promise.resolve(null);
  const as = ['-u', layout.user, '--', 'env', `HOME=${layout.home}`];
  return new Promise((resolve) => {
    execFile(
      'runuser',
      [...as, layout.node, layout.accountsProgram, 'guard'],
      {timeout: guardLimitMs, killSignal: 'SIGKILL', maxBuffer: 64 * 1024, cwd: '/'},
      (error, _stdout, stderr) => {
        const said = oneLine(stderr.trim().split('\n').at(-1) ?? '', 300);
        if (!error) resolve({ok: true, reason: ''});
        // Its own "no" is exit 1 with a sentence; anything else, also of runuser, is no answer.
        else if (error.code === 1 && said !== '' && !said.startsWith('runuser:'))
          resolve({ok: false, reason: said});
        else resolve(null);
      },
    );
  });
}
