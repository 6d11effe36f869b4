import {Abort, Exit} from '../errors.js';
import {monitorView, type MonitorView} from '../phases/monitor-view.js';
import type {PlanInput} from '../phases/phase.js';
import {isAhead, leftToSetup, notUpgradable, upgradePhases} from '../phases/upgrade.js';
import type {Host} from '../ssh/host.js';
import {layout, units} from '../templates/layout.js';
import type {Change} from './change.js';
import type {SetupEvent, SetupPort, SetupSummary} from './events.js';
import {monitorState} from './monitor-state.js';
import {readPair, type Reading} from './read.js';
import {isUnsettled} from './settle.js';
import {planAll, planInput, runSetup, type SetupInput} from './setup.js';
import {until} from './until.js';
import {
  expectedGaps,
  measuredGaps,
  sleepingGateway,
  unprotectedMs,
  type Gap,
  type MeasuredGap,
} from './windows.js';

/** ms that `--wait` waits for a standby that is at rest: a takeover, its minimum time, and room for a long outage. */
const restLimitMs = 30 * 60_000;
/** ms until a sleeping gateway must be ready again. */
const asleepLimitMs = 120_000;

/** What an upgrade would do, from one reading. */
export interface UpgradePlan {
  changes: Change[];
  gaps: Gap[];
  /** What differs besides, and is setup's. */
  left: Change[];
  /** The standby's OpenClaw is newer than the primary's, and stays. */
  ahead: boolean;
  /** Why the pair is not protected as it is, before anything is done. */
  already?: string;
}

export interface UpgradeEnd {
  summary: SetupSummary;
  gaps: MeasuredGap[];
  /** ms without protection in all; null: an end was not seen. */
  unprotectedMs: number | null;
  /** What differs still, and is setup's. */
  left: Change[];
}

/** Pure. */
export function planUpgrade(input: PlanInput): UpgradePlan {
  const changes = planAll(input, upgradePhases()).flatMap((planned) => planned.changes);
  const already = alreadyUnprotected(input);
  return {
    changes,
    gaps: expectedGaps(changes, input.pair.monitor.standby === 'warm'),
    left: leftToSetup(input).filter((change) => !isAhead(input) || !isOpenClaws(change)),
    ahead: isAhead(input),
    ...(already !== undefined && {already}),
  };
}

const isOpenClaws = ({kind, id}: Change) =>
  kind === 'node' || kind === 'npm-package' || id.startsWith('standby:plugin:');

/** The monitor as the standby's files tell it. */
const viewOf = ({standby}: Pick<PlanInput, 'standby'>): MonitorView | undefined =>
  standby.monitorState.known ? monitorView(standby.monitorState.value) : undefined;

function alreadyUnprotected(input: PlanInput): string | undefined {
  if (input.standby.units[units.monitor]?.activeState !== 'active') return 'the monitor does not run';
  const paused = viewOf(input)?.paused;
  return paused === undefined ? undefined : `it is paused: ${paused}`;
}

const states: Readonly<Record<string, string>> = {
  suspect: 'suspects the primary at this moment',
  promoting: 'takes over at this moment',
  active: 'has taken over',
  recovering: 'has taken over, and is about to give back',
  demoting: 'gives back at this moment',
  blocked: 'tried to take over and could not',
};

/**
 * An upgrade touches what a takeover is made of, so it begins at rest only.
 * @throws Abort (3) while the standby is anywhere else, (1) when it is no finished pair
 */
export function mayUpgrade(input: PlanInput): void {
  const no = notUpgradable(input);
  if (no !== undefined)
    throw new Abort(no, {next: ['That is for setup, which makes the pair: failover-wizard setup']});
  const state = viewOf(input)?.state;
  if (state !== 'watching') {
    const what = state === undefined ? 'does not say what it is doing' : (states[state] ?? `is ${state}`);
    throw new Abort(`The standby ${what}; nothing was changed.`, {
      next:
        state === 'blocked' || state === undefined
          ? ['See why: failover-wizard explain', 'To put it right: failover-wizard setup']
          : [
              'When it is at rest again, run the same command again, or let it wait: failover-wizard upgrade --wait',
            ],
      exit: Exit.degraded,
    });
  }
  if (isUnsettled(input))
    throw new Abort(
      'A setup or a test of this pair was cut off, and is not settled yet; nothing was changed.',
      {
        next: ['Settle it first: failover-wizard setup'],
        exit: Exit.degraded,
      },
    );
}

/**
 * Reads both hosts; with `wait`, again and again until the standby is at rest.
 * @throws Abort (124) when that takes longer than half an hour
 */
export async function readForUpgrade(
  input: SetupInput,
  {wait, emit, signal}: {wait: boolean; emit: (event: SetupEvent) => void; signal: AbortSignal},
): Promise<Reading> {
  const read = () => (input.read ?? readPair)(input.hosts, input.pair, {}, input.programs.accounts);
  let reading = await read();
  if (!wait || viewOf(reading)?.state === 'watching') return reading;
  const id = 'rest';
  emit({
    type: 'waiting',
    id,
    show: '',
    sinceMs: Date.now(),
    limitMs: restLimitMs,
    sentence: `The standby ${states[viewOf(reading)?.state ?? ''] ?? 'is not at rest'}; waiting until it is at rest.`,
  });
  const rest = await until(async () => (await monitorState(input.hosts.standby))?.state === 'watching', {
    everyMs: 2_000,
    limitMs: restLimitMs,
    signal,
  });
  emit({type: 'waited', id});
  if (signal.aborted)
    throw new Abort('Stopped while waiting; nothing was changed.', {exit: Exit.interrupted});
  if (!rest)
    throw new Abort('The standby did not come to rest within 30 min; nothing was changed.', {
      next: ['See why: failover-wizard status'],
      exit: Exit.timeout,
    });
  reading = await read();
  return reading;
}

/**
 * Setup's engine over the phases of an upgrade, and what it cost in protection, by the standby's own clock.
 * @param told gets each window as it is known, so that it can be told when the rest fails
 * @throws Abort as `runSetup` and `mayUpgrade` do
 */
export async function runUpgrade(
  input: SetupInput & {reading: Reading},
  port: SetupPort,
  told: Extract<SetupEvent, {type: 'unprotected'}>[] = [],
): Promise<UpgradeEnd> {
  const {gaps} = planUpgrade(planInput(input, input.reading));
  const emit = (event: SetupEvent) => {
    if (event.type === 'unprotected') told.push(event);
    port.emit(event);
  };
  let done: Extract<SetupEvent, {type: 'done'}> | undefined;
  const summary = await runSetup(
    {...input, phases: upgradePhases(), purpose: 'upgrade', mayBegin: mayUpgrade},
    {
      ...port,
      emit(event) {
        // Not before it is known how long it took.
        if (event.type === 'done') done = event;
        else emit(event);
      },
    },
  );
  if (!input.dryRun && !summary.nothingToDo && gaps.some(({step}) => step === 'sleep'))
    await awaitSleep(input.hosts.standby, emit);
  if (done) port.emit(done);
  const reading = summary.nothingToDo || input.dryRun ? input.reading : await reread(input);
  return {
    summary,
    gaps: measuredGaps(gaps, told),
    unprotectedMs: unprotectedMs(told),
    left: planUpgrade(planInput(input, reading)).left,
  };
}

const reread = ({read = readPair, hosts, pair, programs, reading}: SetupInput): Promise<Reading> =>
  read(hosts, pair, {}, programs.accounts, reading);

/**
 * Until a warm standby's gateway is ready to be woken. The window is from its newest start to then; the step that stopped
 * it told when it began (systemd forgets that of a unit that nobody holds).
 */
async function awaitSleep(standby: Host, emit: (event: SetupEvent) => void): Promise<void> {
  const limitS = asleepLimitMs / 1000;
  const text = `began=$(systemctl show --property=InactiveExitTimestampMonotonic --value ${units.gateway})
end=$(($(date +%s) + ${limitS}))
while [ "$(curl -s -o /dev/null -m 3 -w '%{http_code}' http://127.0.0.1:${layout.gatewayPort}/readyz || :)" != 200 ]; do
  if [ "$(date +%s)" -ge "$end" ]; then exit 1; fi
  sleep 0.2
done
echo "$((began / 1000)) $(${layout.node} -p 'Math.round(Number(process.hrtime.bigint()) / 1e6)')"
`;
  const ran = await standby.script(
    {label: 'wait until the gateway sleeps', text},
    {timeoutMs: asleepLimitMs + 20_000},
  );
  const [, from, to] = /^(\d+) (\d+)$/.exec(ran.stdout.trim()) ?? [];
  if (ran.code === 0 && from !== undefined)
    emit({type: 'unprotected', id: sleepingGateway, fromMs: Number(from), toMs: Number(to)});
}
