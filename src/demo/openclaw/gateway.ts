import {statSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {treeAt} from '../../channels/program/plain-object.js';
import {Agent, workspaceOf} from './agent.js';
import {Channels} from './channels.js';
import {issueLines, loadConfig, type Loaded} from './config.js';
import {listeningOf, type Asked} from './listen.js';
import type {Place} from './place.js';
import type {Phase} from './rpc.js';
import {lockState} from './state-lock.js';
import {timing} from './timing.js';
import {Web} from './web.js';

/** Exit code of a gateway that cannot be started like this: config, auth, or a state folder that another one has. */
const refused = 78;

/** The gateway process. @returns its exit code, when it was stopped or could not start */
export async function runGateway(place: Place, version: string, asked: Asked): Promise<number> {
  process.title = 'openclaw-gateway';
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop.abort());
  log(`[gateway] stand-in of failover-wizard's rehearsal, not OpenClaw; takes the place of ${version}`);
  const loaded = loadConfig(place);
  const {mode} = treeAt(loaded.config, 'gateway');
  if (loaded.issues.length > 0)
    return give(`Config invalid: ${place.configPath}\n${issueLines(loaded.issues).join('\n')}`, refused);
  if (mode !== 'local')
    return give(
      `Gateway start blocked: set gateway.mode=local (current: ${JSON.stringify(mode) ?? 'unset'})`,
      refused,
    );
  for (const line of issueLines(loaded.warnings)) log(`[config] ${line}`);
  const listening = listeningOf(loaded, asked);
  if ('refused' in listening) return give(`Gateway start blocked: ${listening.refused}`, refused);
  const lock = lockState(place.stateDir);
  if ('holder' in lock)
    return give(`Gateway start blocked: another gateway (pid ${lock.holder}) has ${place.stateDir}`, refused);
  try {
    return await serve({place, version, loaded, listening, stop: stop.signal});
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException;
    if (code === 'EADDRNOTAVAIL' || code === 'EADDRINUSE')
      return give(
        `[gateway] failed to bind ${listening.addresses.join(', ')}:${listening.port}: ${message}`,
        1,
      );
    throw error;
  } finally {
    lock.release();
  }
}

interface Serving {
  place: Place;
  version: string;
  loaded: Loaded;
  listening: Exclude<ReturnType<typeof listeningOf>, {refused: string}>;
  stop: AbortSignal;
}

async function serve({place, version, listening, stop, ...first}: Serving): Promise<number> {
  let {loaded} = first;
  let phase: Phase = 'starting';
  const agent = new Agent(() => loaded, log);
  const channels = new Channels({log, answer: (question) => agent.answer(question)});
  const failing = () => ({starting: ['startup'], started: [], draining: ['gateway-draining']})[phase];
  const web = new Web(
    {
      version,
      token: listening.token,
      phase: () => phase,
      methods: {
        'channels.status': {scope: 'operator.read', run: () => channels.status()},
        'channels.start': {
          scope: 'operator.admin',
          run: ({channel, accountId}) =>
            channels.start(String(channel), typeof accountId === 'string' ? accountId : undefined),
        },
        health: {scope: 'operator.read', run: () => ({ok: true, ts: Date.now()})},
      },
    },
    () => ({failing: failing(), suppressed: []}),
  );
  try {
    if (!(await pause(timing.untilListening, stop))) return 0;
    await web.listen(listening);
    log(
      `[gateway] listening on ${listening.addresses.map((one) => `ws://${one}:${listening.port}`).join(', ')}`,
    );
    if (!(await pause(timing.untilStarted, stop))) return 0;
    phase = 'started';
    log(`[gateway] ready; workspace ${workspaceOf(loaded)}`);
    await channels.apply(loaded);
    const reading = rereads({...place, env: loaded.around.env}, loaded, (newer) => {
      loaded = newer;
      return channels.apply(newer);
    });
    await aborted(stop);
    clearInterval(reading);
    log('[gateway] received a signal to stop');
    phase = 'draining';
    agent.closed = true;
    if (agent.turns > 0) {
      log(`[gateway] draining: ${agent.turns} turns go on`);
      await Promise.race([agent.idle(), sleep(timing.drain, undefined, {ref: false})]);
    }
    await channels.stop();
    return 0;
  } finally {
    web.close();
    log('[gateway] stopped');
  }
}

/** Reads the config again when one of its files has changed; one that is refused changes nothing. */
function rereads(place: Place, first: Loaded, take: (newer: Loaded) => Promise<void>): NodeJS.Timeout {
  let {read} = first;
  let stamp = stampOf(read);
  let busy = Promise.resolve();
  const {mode} = treeAt(treeAt(first.config, 'gateway'), 'reload');
  return setInterval(() => {
    const now = stampOf(read);
    if (now === stamp || mode === 'off') return;
    stamp = now;
    const newer = loadConfig(place);
    if (newer.issues.length > 0) {
      log(`[reload] config refused, the one before stays: ${issueLines(newer.issues).join('; ')}`);
      return;
    }
    read = newer.read;
    stamp = stampOf(read);
    log('[reload] config changed');
    busy = busy.then(() => take(newer)).catch((error: unknown) => log(`[reload] failed: ${String(error)}`));
  }, timing.configLook);
}

function stampOf(files: readonly string[]): string {
  return files
    .map((file) => {
      try {
        const {mtimeMs, size, ino} = statSync(file);
        return `${mtimeMs} ${size} ${ino}`;
      } catch {
        return 'none';
      }
    })
    .join('|');
}

/** False: it was stopped meanwhile. */
const pause = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, true, {signal}).catch(() => false);

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), {once: true});
  });

function log(text: string): void {
  process.stdout.write(`${new Date().toISOString()} ${text.replace(/[^\n\P{Cc}]+/gu, ' ')}\n`);
}

function give(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}
