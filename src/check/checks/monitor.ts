import {keyedHash} from '../../phases/wants.js';
import {age, timeOfDay} from '../../screens/format.js';
import {idleMs} from '../../screens/watch/model/unprotected.js';
import type {KnownMonitor} from '../../screens/watch/model/monitor-sample.js';
import {layout, units} from '../../templates/layout.js';
import {notifyTargets} from '../../templates/notify-settings.js';
import {programFile} from '../../templates/standby-files.js';
import {ok, problem, tip, unknown, warning, type Answer} from '../answer.js';
import {isNewer, manifestIn, versionIn} from '../manifest-in.js';
import {ofHost, stopped, where, type Row} from '../row.js';
import type {Seen} from '../seen.js';

const updateHere =
  'Bring failover-wizard on this machine up to date: its setup would put an older monitor there';
const journal = `On the standby: journalctl -u ${units.monitor} -n 50`;

/** How the monitor is: that it runs and looks, what holds it back, whether it could do what it is for, who is told. */
export const monitorRows: readonly Row[] = [
  ofHost('monitor', 'standby', 'whether the monitor watches', (_, {sample: {monitor, health}}) => {
    if (!monitor.known)
      return problem(`The monitor on the standby is silent: ${stopped(monitor.reason)}`, journal);
    if (!monitor.running)
      return problem(
        'The monitor on the standby does not run.',
        `On the standby: systemctl start ${units.monitor}; why it stopped: journalctl -u ${units.monitor} -n 50`,
      );
    if (health === null)
      return problem("The monitor has not asked for the primary's health since it began.", journal);
    if (health.agoMs > idleMs)
      return problem(
        `The monitor hangs: it last asked for the primary's health ${age(health.agoMs)} ago.`,
        journal,
      );
    return ok(`The monitor watches: it last asked for the primary's health ${age(health.agoMs)} ago.`);
  }),

  ofHost('primary-health', 'standby', "the primary's health", (_, {sample: {health, monitor}}) => {
    if (health === null) return unknown('What the standby sees of the primary is not known.');
    if (!health.well)
      return problem(
        `The standby does not see the primary well: ${[health.class, health.detail].filter(Boolean).join(', ')}.`,
        'failover-wizard watch shows what becomes of it',
      );
    if (monitor.known && monitor.primaryNotReady !== null)
      return warning(
        `The primary's gateway is alive and not ready: ${stopped(monitor.primaryNotReady)}`,
        'On the primary: openclaw channels status',
      );
    return ok(`The standby sees the primary well, in ${Math.round(health.tookMs)} ms.`);
  }),

  ofHost('monitor-log', 'standby', "the monitor's log", (_, {events, sample: {monitor}}) => {
    if (monitor.known && monitor.disk !== null)
      return problem(
        `The monitor can write neither its state nor its events: ${stopped(monitor.disk)}`,
        'On the standby: df -h, df -i',
      );
    if (events > 0) return ok("The monitor's log has events.");
    return warning('The monitor has written no event yet, not even that it began.', journal);
  }),

  ofHost('held', 'standby', 'whether something holds a takeover back', (_, {sample: {monitor, atMs}}) =>
    monitor.known
      ? restraint(monitor, atMs)
      : unknown(`What the monitor would do is not known: ${stopped(monitor.reason)}`),
  ),

  ofHost('ready', 'standby', 'whether the standby could take over', (_, {sample: {monitor}}) => {
    if (!monitor.known)
      return unknown(`Whether the standby could take over is not known: ${stopped(monitor.reason)}`);
    if (monitor.notReady === null)
      return ok('Nothing in the way of a takeover was found by the daily check on the standby.');
    return problem(
      `The standby could not take over: ${stopped(monitor.notReady)}`,
      `On the standby: journalctl -u ${units.prepare} -n 30; to check again: systemctl start ${units.prepare}`,
    );
  }),

  ofHost('monitor-build', 'standby', 'which build the monitor is', ({facts}, seen) => {
    const now = facts.files[layout.monitorProgram];
    if (!now) return problem('There is no monitor on the standby.', 'failover-wizard setup installs it');
    const origin = {pairName: seen.pair.name, version: seen.version};
    const own = programFile(origin, layout.monitorProgram, seen.programs.monitor);
    if (now.hash === keyedHash(facts.key, own.content))
      return ok(`The monitor is the one of this failover-wizard (${seen.version}).`);
    const manifest = manifestIn(facts.files[layout.manifest]?.content);
    const noted = manifest?.files.find(({path}) => path === layout.monitorProgram)?.sha256;
    if (noted !== undefined && now.sha256 !== undefined && noted !== now.sha256)
      return warning(
        'The program of the monitor is not the one that setup put there.',
        'failover-wizard setup puts it back',
      );
    const version = manifest && versionIn(manifest);
    const whose =
      version === seen.version
        ? `of another build of failover-wizard ${version}`
        : version
          ? `of failover-wizard ${version}, and this is ${seen.version}`
          : `not of this failover-wizard (${seen.version})`;
    if (isNewer(version ?? null, seen.version))
      return warning(`The monitor on the standby is ${whose}.`, updateHere);
    return warning(
      `The monitor on the standby is ${whose}.`,
      'failover-wizard setup brings it to this version, or use the failover-wizard that the pair was set up with',
    );
  }),

  where(
    ({monitor}) => monitor.standby === 'warm',
    ofHost('warm', 'standby', 'whether the gateway of the standby sleeps', ({facts}, seen) => {
      const {monitor} = seen.sample;
      if (!monitor.known || monitor.state !== 'watching') return undefined;
      // The monitor hears of it every 5 min; systemd knows it now.
      const runs = facts.units[units.gateway]?.activeState === 'active';
      if (monitor.warm && runs) return ok('The standby is warm: its gateway sleeps with its channel off.');
      const memory = facts.memory.totalBytes < warmMemory ? ' It has less than 2 GB of memory.' : '';
      return warning(
        `The standby is to be warm, and its gateway does not sleep, so a takeover starts it first.${memory}`,
        `On the standby: journalctl -u ${units.role} -n 20, journalctl -u ${units.gateway} -n 50`,
      );
    }),
  ),

  ofHost('told', 'standby', 'whether somebody is told', (_, {pair, live}) => {
    const targets = notifyTargets(pair);
    if (targets.length === 0)
      return tip(
        'Nobody is told of a takeover, nor when the standby itself goes silent.',
        'failover-wizard setup --notify ntfy=env:TOPIC (docs/answers.md)',
      );
    const telling = live?.telling ?? null;
    if (telling === null) return unknown('Whether messages arrive is not known: the monitor does not say.');
    if (telling.problem !== null)
      return warning(`The monitor cannot tell anybody: ${stopped(telling.problem)}`, journal);
    const failing = telling.targets.filter(({error}) => error !== null);
    if (failing.length === 0) return ok(`Told of what happens: ${targets.map(({name}) => name).join(', ')}.`);
    return failing.map(({name, error, waiting}) =>
      warning(
        `Messages to ${name} do not arrive (${error})${waiting > 0 ? `; ${waiting} wait` : ''}.`,
        'Look at its address and token; to try it, on the standby: sudo openclaw-failover tell-test',
      ),
    );
  }),
];

/** bytes: what a sleeping gateway leaves little of. */
const warmMemory = 1_900_000_000;

function restraint(monitor: KnownMonitor, atMs: number): Answer {
  if (monitor.paused)
    return warning(
      `The failover is paused${monitor.pauseWhy ? ` (${monitor.pauseWhy})` : ''}, for another ${age(monitor.pausedLeftMs ?? 0)}: nobody takes over.`,
      'failover-wizard resume ends the pause; so does time',
    );
  if (monitor.state === 'blocked')
    return problem(
      'The standby tried to take over and could not.',
      `On the standby: journalctl -u ${units.gateway} -n 50; failover-wizard setup puts it right`,
    );
  if (monitor.latched)
    return warning(
      'The primary went down too often, so the standby stays active.',
      'Look at the primary first, then: failover-wizard demote',
    );
  if (monitor.byHand && !monitor.failbackAsked)
    return warning(
      'An operator took over, and the standby stays active until it is asked to give back.',
      'failover-wizard demote',
    );
  if (monitor.noTakeoverUntilMs !== null && monitor.noTakeoverUntilMs > atMs)
    return warning(
      `The standby took over too often, and does not do so again until ${timeOfDay(monitor.noTakeoverUntilMs)}.`,
      'Look at why the primary comes and goes: failover-wizard explain',
    );
  if (monitor.held !== null)
    return warning(
      `The monitor holds a takeover back: ${stopped(monitor.held)}`,
      'failover-wizard explain says why',
    );
  if (monitor.state !== 'watching')
    return warning(`The standby is not at rest: ${stopped(monitor.words)}`, 'failover-wizard watch');
  return ok('Nothing holds a takeover back.');
}

export const monitorAtRest = ({sample: {monitor}}: Pick<Seen, 'sample'>): boolean =>
  monitor.known && monitor.running && monitor.state === 'watching';
