import {access, constants} from 'node:fs/promises';
import type {Asked, Interrogation, WitnessResult} from './evidence.js';
import {longestReport} from './primary-report.js';
import {runBounded, type BoundedRun, type Ended} from './run-bounded.js';
import type {InterrogationSettings, MonitorSettings} from './settings.js';
import {answerOf, better, sshArgv, type Answer} from './ssh-ask.js';
import {reachSsh, type Endpoint, type Reached} from './witness.js';

/** Files of the interrogation on this host. */
export interface InterrogationPaths {
  interrogationKey: string;
  interrogationKnownHosts: string;
}

/** What it does to the world; replaced in tests. */
export interface InterrogationDeps {
  run(argv: readonly [string, ...string[]], how: BoundedRun): Promise<Ended>;
  /** Whether an SSH server answers there. */
  reach(endpoint: Endpoint, timeoutMs: number): Promise<Reached>;
  witness(settings: MonitorSettings): Promise<WitnessResult>;
  readable(path: string): Promise<boolean>;
}

type Way = InterrogationSettings['addresses'][number];

/** ms of silence after which the second way is tried beside the first. */
const headStartMs = 500;

/** Room for what ssh says on the way as well: its first words tell how far it got. */
const mostBytes = 4 * longestReport;

/** The real ones; who is asked whether this host is online is somebody else's to know. */
export const interrogationDeps = (witness: InterrogationDeps['witness']): InterrogationDeps => ({
  run: runBounded,
  reach: reachSsh,
  witness,
  readable: (path) =>
    access(path, constants.R_OK).then(
      () => true,
      () => false,
    ),
});

/**
 * Asks everybody who may know more about a suspected primary, at the same time: the primary itself over SSH, its
 * SSH port on the public path, this host's own way out. Bounded by the settings' timeouts; never throws.
 * @param quietly without a login
 */
export async function interrogate(
  settings: MonitorSettings,
  paths: InterrogationPaths,
  deps: InterrogationDeps,
  quietly = false,
): Promise<Interrogation> {
  const {interrogation} = settings;
  const trying = checkPublicPath(interrogation, deps);
  const [asked, publicPath, witness] = await Promise.all([
    (quietly ? refusedBefore() : askPrimary(settings, paths, deps, trying)).catch(
      (error: unknown): Asked => ({
        kind: 'unavailable',
        detail: String(error),
      }),
    ),
    trying,
    deps.witness(settings),
  ]);
  return {asked, publicPath, witness};
}

/** To log in again and again with a key that is refused looks like an attack, and is answered like one. */
const refusedBefore = async (): Promise<Asked> => ({
  kind: 'unavailable',
  detail: 'it refused the key, and is not asked again so soon',
});

async function checkPublicPath(
  interrogation: InterrogationSettings | null,
  deps: InterrogationDeps,
): Promise<Interrogation['publicPath']> {
  const way = interrogation?.addresses.find(({path}) => path === 'public');
  if (!interrogation || !way) return null;
  const {alive, how} = await deps.reach(way, interrogation.connectTimeoutMs);
  return {alive, detail: `${way.address} port ${way.port}: ${how}`};
}

async function askPrimary(
  settings: MonitorSettings,
  paths: InterrogationPaths,
  deps: InterrogationDeps,
  trying: Promise<Interrogation['publicPath']>,
): Promise<Asked> {
  const {interrogation, primary} = settings;
  if (!interrogation) return {kind: 'unavailable', detail: 'it is not set up'};
  for (const file of [paths.interrogationKey, paths.interrogationKnownHosts]) {
    // A missing known_hosts would look like another host's key.
    // oxlint-disable-next-line no-await-in-loop
    if (!(await deps.readable(file))) return {kind: 'unavailable', detail: `${file} cannot be read`};
  }
  const startedMs = performance.now();
  const ask = async (way: Way, signal: AbortSignal): Promise<Answer> => {
    const argv = sshArgv({
      ...way,
      user: interrogation.user,
      key: paths.interrogationKey,
      knownHosts: paths.interrogationKnownHosts,
      connectTimeoutMs: interrogation.connectTimeoutMs,
      // The address that the primary lets in on this path.
      ...(way.path === 'private' && primary.from !== undefined && {from: primary.from}),
    });
    const timeoutMs = Math.max(1, interrogation.timeoutMs - (performance.now() - startedMs));
    const ended = await deps.run(argv, {timeoutMs, maxBytes: mostBytes, signal});
    return answerOf(ended, way.path === 'public' ? (await trying)?.alive : undefined);
  };
  return inTurn(interrogation.addresses, ask);
}

/**
 * The first way; the next one as soon as that fails or has been silent for a moment. The first report ends it, and so
 * does a refusal that every way would meet; otherwise the best that was heard counts.
 */
function inTurn(
  ways: readonly Way[],
  ask: (way: Way, signal: AbortSignal) => Promise<Answer>,
): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    let next = 0;
    let open = 0;
    let best: {answer: Answer; way: Way; tookMs: number} | undefined;
    let waiting: NodeJS.Timeout | undefined;
    const finish = () => {
      clearTimeout(waiting);
      over.abort();
      resolve(best ? toAsked(best) : {kind: 'unavailable', detail: 'there is no address to ask'});
    };
    const start = (): void => {
      clearTimeout(waiting);
      const way = ways[next];
      if (!way || over.signal.aborted) return;
      next += 1;
      open += 1;
      const startedMs = performance.now();
      waiting = setTimeout(start, headStartMs);
      const settle = (answer: Answer): void => {
        open -= 1;
        if (over.signal.aborted) return;
        const tookMs = Math.round(performance.now() - startedMs);
        if (!best || better(answer, best.answer)) best = {answer, way, tookMs};
        if (answer.kind === 'report' || (answer.kind === 'refused' && answer.final)) return finish();
        start();
        if (open === 0) finish();
      };
      ask(way, over.signal).then(settle, reject);
    };
    start();
    if (open === 0) finish();
  });
}

function toAsked({answer, way, tookMs}: {answer: Answer; way: Way; tookMs: number}): Asked {
  switch (answer.kind) {
    case 'report':
      return {kind: 'report', report: answer.report, path: way.path, tookMs};
    case 'refused':
    case 'slow':
      return {kind: answer.kind, path: way.path, detail: answer.detail};
    default:
      return {kind: answer.kind, detail: answer.detail};
  }
}
