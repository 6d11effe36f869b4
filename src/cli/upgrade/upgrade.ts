import {Abort, Exit, type ExitCode} from '../../errors.js';
import {folders, pairFiles} from '../../pair/paths.js';
import {planInput, type SetupInput} from '../../plan/setup.js';
import type {SetupEvent, SetupPort} from '../../plan/events.js';
import {mayUpgrade, planUpgrade, readForUpgrade, runUpgrade, type UpgradeEnd} from '../../plan/upgrade.js';
import {unprotectedMs} from '../../plan/windows.js';
import {notUpgradable} from '../../phases/upgrade.js';
import type {Line} from '../../screens/line.js';
import {mayColour, paint} from '../../screens/theme.js';
import {pinStore} from '../../ssh/pins.js';
import {loadPrograms} from '../../templates/programs.js';
import {connectPrompts} from '../connect-prompts.js';
import {tellOfDrills} from '../drill/notice.js';
import {claimInterrupts} from '../exit.js';
import {existingPair} from '../gather.js';
import {operatorKey} from '../operator-key.js';
import {terminalPrompter} from '../prompter.js';
import {reachedOf} from '../reached.js';
import {tryHosts, type Attempt} from '../session.js';
import {modeOf, tell, type Mode} from '../terminal.js';
import {ownVersion} from '../version.js';
import type {UpgradeOptions} from './commands.js';
import {upgradePort, type UpgradePort} from './port.js';
import {endWords, gapJson, leftJson, planWords, unprotectedSentence, versionRows} from './show.js';

type Reached = Record<'primary' | 'standby', NonNullable<Attempt['hosts']['primary']>>;

/**
 * `failover-wizard upgrade`: looks, shows, asks once, upgrades, and says how long the pair was unprotected.
 * @returns 0 done or nothing to do, 3 in part only
 * @throws Abort as `mayUpgrade` and `runUpgrade` do; (4) when a host cannot be reached
 */
export async function upgrade(options: UpgradeOptions): Promise<ExitCode> {
  const pair = await existingPair(options, folders());
  const mode = modeOf(options);
  const programs = loadPrograms();
  await tellOfDrills([pair.name]);
  const files = pairFiles(pair.name, folders());
  const prompter = terminalPrompter();
  const attempt = await tryHosts(pair, files, mode.ask ? connectPrompts(prompter) : {});
  try {
    const hosts = bothOf(attempt);
    const pins = pinStore(files.knownHosts);
    const [primary, standby, key] = await Promise.all([
      reachedOf(hosts.primary, pins),
      reachedOf(hosts.standby, pins),
      operatorKey(pair, hosts.standby.publicKey),
    ]);
    const input: SetupInput = {
      hosts,
      pair,
      secrets: {},
      programs,
      version: ownVersion(),
      dryRun: options.dryRun === true,
      breakLock: options.breakLock === true,
      reached: {primary, standby},
      ...(key !== undefined && {operatorKey: key}),
    };
    return await upgradeHosts(input, options, mode, (message) => prompter.confirm({message, initial: true}));
  } finally {
    await attempt.close();
  }
}

/** @throws Abort (4): a primary that is out of reach may be about to be taken over from, and its version is not known */
function bothOf({hosts, errors}: Attempt): Reached {
  const {primary, standby} = hosts;
  if (primary && standby) return {primary, standby};
  if (!standby || !(errors.primary instanceof Abort)) throw errors.standby ?? errors.primary;
  throw new Abort('The primary cannot be reached from here, so nothing was changed.', {
    detail: [errors.primary.message, errors.primary.detail].filter(Boolean).join('\n'),
    next: [
      'Which OpenClaw the standby needs is the primary’s to say, and a primary in trouble needs a monitor that does not restart.',
      ...errors.primary.next,
    ],
    exit: errors.primary.exit,
  });
}

async function upgradeHosts(
  setup: SetupInput,
  {wait = false, dryRun = false}: UpgradeOptions,
  mode: Mode,
  confirm: (message: string) => Promise<boolean>,
): Promise<ExitCode> {
  const release = claimInterrupts();
  const port = await upgradePort(mode);
  try {
    if (mode.output !== 'json') tell('Reading both hosts …', 'dim');
    const reading = await readForUpgrade(setup, {wait, emit: port.emit, signal: port.stop});
    const input = planInput(setup, reading);
    // What is no pair yet has no plan that could be read.
    if (notUpgradable(input) !== undefined) mayUpgrade(input);
    const plan = planUpgrade(input);
    if (mode.output === 'json')
      port.line({
        type: 'plan',
        versions: versionRows(input, plan),
        changes: leftJson(plan.changes),
        unprotected: plan.gaps.map(gapJson),
        already: plan.already ?? null,
        ahead: plan.ahead,
        left: leftJson(plan.left),
      });
    else print(dryRun ? process.stdout : process.stderr, planWords(plan, input));
    mayUpgrade(input);
    if (dryRun) {
      const exit = plan.ahead ? Exit.degraded : Exit.ok;
      port.line({type: 'end', result: 'dry-run', exit});
      return exit;
    }
    const asks = mode.ask && !mode.yes && plan.changes.length > 0;
    if (asks && !(await confirm('Upgrade now?'))) {
      tell('Nothing was changed.');
      return Exit.interrupted;
    }
    const end = await measuredRun({...setup, reading}, port);
    if (mode.output === 'json') port.line(endJson(end, plan.ahead));
    else print(process.stdout, endWords(end, input, plan.ahead));
    return exitOf(end, plan.ahead);
  } finally {
    port.close();
    release();
  }
}

/** What was unprotected is told of a run that failed as well. */
async function measuredRun(input: Parameters<typeof runUpgrade>[0], port: UpgradePort): Promise<UpgradeEnd> {
  const told: Extract<SetupEvent, {type: 'unprotected'}>[] = [];
  try {
    return await runUpgrade(input, port satisfies SetupPort, told);
  } catch (error) {
    const sofar = {unprotectedMs: unprotectedMs(told)};
    port.note(
      sofar.unprotectedMs === null
        ? 'The sleeping gateway is stopped; its timer starts it within 5 min. Until then a takeover is a cold start.'
        : `Until here: ${unprotectedSentence(sofar).replace(/^It/, 'the pair')}`,
      {type: 'until-here', ...sofar},
    );
    throw error;
  }
}

const exitOf = ({summary}: UpgradeEnd, ahead: boolean): ExitCode => {
  if (summary.split.state === 'conflict') return Exit.split;
  return summary.complete && !ahead ? Exit.ok : Exit.degraded;
};

function endJson(end: UpgradeEnd, ahead: boolean) {
  const {summary, gaps, left, unprotectedMs: ms} = end;
  return {
    type: 'end',
    result: summary.nothingToDo ? 'nothing-to-do' : summary.complete ? 'done' : 'in-part',
    exit: exitOf(end, ahead),
    tookMs: Math.round(summary.tookMs),
    unprotectedMs: ms,
    unprotected: gaps.map(gapJson),
    ahead,
    left: leftJson(left),
  };
}

function print(stream: NodeJS.WriteStream, lines: readonly Line[]): void {
  const colour = mayColour(stream);
  stream.write(`${lines.map((line) => paint(line, colour)).join('\n')}\n`);
}
