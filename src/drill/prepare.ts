import {hostname, userInfo} from 'node:os';
import {Abort, Exit} from '../errors.js';
import {openclawAs, standbyCli} from '../gateway/cli.js';
import {controlOf} from '../gateway/control.js';
import {lockHolder} from '../plan/lock.js';
import {gatewayPort} from '../plan/health.js';
import {tail} from '../plan/must.js';
import {clean} from '../screens/clip.js';
import type {Host, HostName} from '../ssh/host.js';
import {layout} from '../templates/layout.js';
import {mayGoOn, preflight} from './preflight.js';
import type {PreflightCheck} from './checks.js';
import {askClocks} from './clocks.js';
import {expectedOf} from './expect.js';
import {impactOf} from './impact.js';
import {bootOf, clientOf, clientScript, lookAtPrimary, type PrimaryLook, type StandbyLook} from './look.js';
import type {DrillParts, DrillPlan} from './parts.js';
import type {FaultName} from './report.js';

/** ms for the first look at both hosts. */
const settleLimitMs = 60_000;

export interface Wish {
  id: string;
  fault: FaultName;
  /** s */
  revertS: number;
  force: boolean;
  /** The lock of a run that is known to be gone does not count. */
  breakLock: boolean;
  /** What stands against the message that is to be sent; null: nothing. undefined: none is to be sent. */
  probeProblem: string | null | undefined;
}

export interface Prepared {
  plan: DrillPlan;
  look: PrimaryLook;
  checks: readonly PreflightCheck[];
  impact: readonly string[];
  goes: boolean;
}

/** Both hosts have told everything once. @throws Abort when a host is missing that a drill cannot do without */
export async function settled(parts: DrillParts): Promise<void> {
  const {store} = parts;
  const done = Promise.withResolvers<void>();
  const leave = store.subscribe(() => store.settled && done.resolve());
  const limit = setTimeout(() => done.resolve(), settleLimitMs);
  if (!store.settled) await done.promise;
  clearTimeout(limit);
  leave();
}

/**
 * Looks at everything before anything is broken.
 * @throws Abort where not even a checklist can be made: a host out of reach, a gateway that cannot be controlled
 */
export async function prepare(parts: DrillParts, wish: Wish): Promise<Prepared> {
  await settled(parts);
  const {pair, store} = parts;
  const facts = parts.facts('primary');
  const settings = store.settings;
  const unread = (['primary', 'standby'] as const).filter((name) => !parts.facts(name));
  if (!facts || unread.length > 0) throw notRead(parts, unread);
  if (!settings) {
    throw new Abort(
      "The monitor's settings on the standby cannot be read, so nothing can be expected of it.",
      {
        next: [`failover-wizard setup --pair ${pair.name}`],
      },
    );
  }
  const control = controlOf(facts);
  if (!control || !facts.gateway.known) {
    throw new Abort("The primary's gateway cannot be stopped and started by a drill.", {
      next: ['Run it as a systemd unit or with Compose, then run the same command again.'],
    });
  }
  const hosts = await both(parts);
  const [primary, standby, clocks, boot, ...holders] = await Promise.all([
    lookAtPrimary(hosts.primary, facts.gateway.value),
    lookAtStandby(hosts.standby),
    askClocks(hosts),
    bootOf(hosts.primary),
    lockHolder(hosts.primary),
    lockHolder(hosts.standby),
  ]);
  const expected = expectedOf(wish.fault, settings, primary.restarts !== false);
  const addresses = {
    primary: settings.primary.address,
    standby: standbyAddress(parts, settings.primary.from),
  };
  const rtoS = pair.drill?.rtoS;
  const targets: DrillPlan['targets'] = {
    rtoMs: expected.outcome === 'hold' ? null : rtoS === undefined ? expected.rtoMs : rtoS * 1000,
    rtoFrom: rtoS === undefined ? 'promise' : 'pair',
    rpoMs: pair.drill?.rpoS === undefined ? null : pair.drill.rpoS * 1000,
  };
  const told = pair.notify.some(({kind}) => kind !== 'ping');
  const checks = preflight({
    pair: pair.name,
    fault: wish.fault,
    expected,
    sample: store.snapshot().sample,
    settings,
    primary,
    standby,
    lockedBy: wish.breakLock ? null : (holders.find((one) => one !== undefined) ?? null),
    clocks,
    addresses,
    rpoMs: targets.rpoMs,
    revertS: wish.revertS,
    probeProblem: wish.probeProblem,
    told,
  });
  const goes = mayGoOn(checks, wish.force);
  const {type, account} = pair.channel;
  return {
    checks,
    look: primary,
    goes,
    impact: impactOf({
      fault: wish.fault,
      expected,
      gateway: control.name,
      account: `${type} ${account}`,
      revertS: wish.revertS,
    }),
    plan: {
      mark: {
        id: wish.id,
        fault: wish.fault,
        startedAt: new Date(parts.now()).toISOString(),
        who: userInfo().username,
        machine: hostname(),
      },
      fault: wish.fault,
      input: {control, port: gatewayPort(facts), ...addresses},
      control,
      expected,
      settings,
      targets,
      revertS: wish.revertS,
      clocks,
      boot,
      checks,
      forced: checks.some(({sign}) => sign === 'stop'),
      told,
    },
  };
}

export async function both(parts: DrillParts): Promise<Record<HostName, Host>> {
  const [primary, standby] = await Promise.all([parts.sources.primary(), parts.sources.standby()]);
  return {primary, standby};
}

/** The address that the monitor probes from. */
const standbyAddress = ({pair, store}: DrillParts, from: string | undefined): string =>
  from ?? pair.standby.address ?? store.snapshot().sample.standby.address ?? '';

function notRead({store}: DrillParts, names: readonly HostName[]): Abort {
  const {sample} = store.snapshot();
  const lost = names.find((name) => sample[name].link.state !== 'up');
  const host = lost ?? names[0] ?? 'primary';
  const {error} = sample[host].link;
  return new Abort(`The ${host} could not be read${error === null ? '' : `: ${error}`}`, {
    next: ['A drill is made where both hosts can be watched; look with: failover-wizard status'],
    exit: lost === undefined ? Exit.failed : Exit.unreachable,
  });
}

async function lookAtStandby(standby: Host): Promise<StandbyLook> {
  const ran = await standby.run(openclawAs(standbyCli, ['config', 'validate', '--json']), {
    user: layout.user,
    timeoutMs: 60_000,
    label: 'openclaw config validate',
  });
  const from = await standby.script(
    {label: 'where this connection comes from', text: `${clientScript}\n`},
    {timeoutMs: 20_000},
  );
  const said = clean(tail(ran.stdout || ran.stderr, 4).replaceAll('\n', ' ')).slice(0, 300);
  return {
    configProblem: ran.code === 0 ? null : said || `it ended with ${ran.code}`,
    client: clientOf(from.stdout),
  };
}
