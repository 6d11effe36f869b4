// The pair that the rows are played on: made once by a real setup, and brought back to rest before each row.

import {readFileSync} from 'node:fs';
import {setTimeout as sleep} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import type {MonitorSettings} from '../../../src/monitor/settings.js';
import type {StateName} from '../../../src/monitor/memory.js';
import {layout, units} from '../../../src/templates/layout.js';
import {asOpenclaw, sh, until} from '../host-state.js';
import {Inside, monotonicMs} from '../inside.js';
import type {LabHost} from '../lab.js';
import {lab} from '../lab.js';
import type {LabPair, Places} from '../pair.js';
import {nothing, type Fault} from './fault.js';
import {quickReturn, type Conditions, type GatewayKind} from './row.js';

/** Programs of the test on the hosts. */
const stubs = '/opt/lab';
/** What they are told, and drop-ins that are gone after a reboot. */
export const told = '/run/lab';
export const gatewayAnswers = `${told}/gateway.json`;

/** A monitor asks for a report as soon as it is started; it needs this long at most on a busy machine. */
const reportMs = 5_000;

export const primaryUnit = 'openclaw-gateway.service';
const service = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../services/${name}`, import.meta.url)), 'utf8');

export interface Side {
  host: LabHost;
  inside: Inside;
  /** Private address. */
  address: string;
  publicAddress: string;
}

/** What the monitor tells the outside, as far as the rows look at it. */
export interface Told {
  ms: number;
  state: StateName;
  probe: {class: string} | null;
  interrogation: {works: boolean | null};
  disk: string | null;
  held: string | null;
}

export class Stage {
  readonly primary: Side;
  readonly standby: Side;
  readonly places: Places;
  private settings = '';
  /** The commit of the workspace. */
  private baseline = '';
  private readonly open: Fault[] = [];

  constructor({primary, standby, places}: LabPair) {
    const side = (host: LabHost, {private: address, ip}: Places['primary']) => ({
      host,
      inside: new Inside(host),
      address,
      publicAddress: ip,
    });
    this.primary = side(primary, places.primary);
    this.standby = side(standby, places.standby);
    this.places = places;
  }

  static async of(pair: LabPair): Promise<Stage> {
    const stage = new Stage(pair);
    await stage.build();
    return stage;
  }

  /** Once: the programs of the test, and the settings as setup wrote them. */
  async build(): Promise<void> {
    const {primary, standby} = this;
    this.settings = (await standby.inside.read(layout.monitorSettings)) ?? '';
    this.baseline = (
      await asOpenclaw(primary.host, `git -C ${layout.workspace} rev-parse HEAD`)
    ).stdout.trim();
    for (const name of ['gateway-stub.mjs', 'monitor-preload.cjs'])
      for (const {inside} of [primary, standby]) await inside.install(`${stubs}/${name}`, service(name));
  }

  /** As setup left it. */
  async strike(): Promise<void> {
    await this.prepare({fault: nothing, primary: 'real', standby: 'real', settings: () => {}});
  }

  /** What the monitor tells at this moment; undefined: nothing, or nothing new for 5 s. */
  async told(): Promise<Told | undefined> {
    try {
      const sample = JSON.parse((await this.standby.inside.read(layout.live)) ?? '') as Told;
      return monotonicMs() - sample.ms < 5_000 ? sample : undefined;
    } catch {
      return undefined;
    }
  }

  async inject(fault: Fault): Promise<void> {
    this.open.push(fault);
    await fault.inject(this);
  }

  /** Heals one fault, or all that were not healed. */
  async heal(fault?: Fault): Promise<void> {
    const healed = fault ? this.open.filter((one) => one === fault) : this.open.toReversed();
    for (const one of healed) {
      this.open.splice(this.open.indexOf(one), 1);
      await one.heal(this);
    }
  }

  /** Brings the pair to rest under the conditions of a row. */
  async prepare(conditions: Conditions): Promise<void> {
    await this.heal();
    await Promise.all([this.resetStandby(conditions), this.resetPrimary(conditions.primary ?? 'stub')]);
    await this.resetHub();
    if (conditions.given) await this.inject(conditions.given);
    await this.wake();
  }

  /** The monitor is started and has seen the primary well. */
  async wake(): Promise<void> {
    const enabled = `systemctl list-unit-files --state=enabled --no-legend 'openclaw-*' | cut -d' ' -f1`;
    await sh(this.standby.host, `systemctl start $(${enabled})`, {timeoutMs: 60_000});
    await this.rest(60_000);
  }

  async rest(limitMs: number): Promise<void> {
    await until('the monitor watches a primary that is well', limitMs, async () => {
      const now = await this.told();
      return now?.state === 'watching' && now.probe?.class === 'ok';
    });
    // Silence counts only after a report has been had. Not every row lets it have one.
    const endMs = monotonicMs() + reportMs;
    while ((await this.told())?.interrogation.works !== true && monotonicMs() < endMs) await sleep(200);
  }

  private async resetStandby({standby: kind = 'stub', settings, preload}: Conditions): Promise<void> {
    const {host, inside} = this.standby;
    await host.thaw();
    const ran = await host.exec(['sh', '-c', standbyReset, 'sh', this.baseline], {timeoutMs: 120_000});
    if (ran.code !== 0) throw new Error(`${host.name} was not reset: ${ran.stderr}`);
    await this.dropIn('openclaw.service', kind === 'stub' ? gatewayDropIn : undefined);
    await this.dropIn(units.monitor, preload ? preloadDropIn : undefined);
    const wanted = JSON.parse(this.settings) as MonitorSettings;
    (settings ?? quickReturn)(wanted);
    await inside.write(layout.monitorSettings, `${JSON.stringify(wanted, undefined, 2)}\n`);
    await sh(host, 'systemctl daemon-reload');
  }

  private async dropIn(unit: string, text: string | undefined): Promise<void> {
    const file = `/etc/systemd/system/${unit}.d/lab.conf`;
    if (text === undefined) await this.standby.inside.remove(file);
    else await this.standby.inside.write(file, text);
  }

  private async resetPrimary(kind: GatewayKind): Promise<void> {
    const {host, inside, address} = this.primary;
    await host.thaw();
    const dropIn = `${userUnits}/${primaryUnit}.d/lab.conf`;
    const have: GatewayKind = (await inside.read(dropIn)) === undefined ? 'real' : 'stub';
    if (have === kind && (await this.primaryIsUp())) return;
    if (kind === 'stub') {
      const program = `/usr/local/bin/node ${stubs}/gateway-stub.mjs ${gatewayAnswers} ${layout.gatewayPort}`;
      await inside.write(dropIn, `[Service]\nExecStart=\nExecStart=${program} 127.0.0.1 ${address}\n`);
    } else await inside.remove(dropIn);
    // Also what a run that was ended has left.
    const leftovers = `/run/user/*/systemd/user/${primaryUnit}.d ${gatewayAnswers}`;
    await sh(
      host,
      `chown -R openclaw: ${userUnits}; mkdir -p ${told}; chmod 777 ${told}; rm -rf ${leftovers}`,
    );
    await userSystemctl(this, `daemon-reload`);
    await userSystemctl(this, `reset-failed ${primaryUnit}`);
    await userSystemctl(this, `restart ${primaryUnit}`);
    await until(`the ${kind} gateway of the primary answers`, 90_000, () => this.primaryIsUp());
  }

  async primaryIsUp(): Promise<boolean> {
    const url = `http://${this.primary.address}:${layout.gatewayPort}/startupz`;
    const argv = ['curl', '-fsS', '--noproxy', '*', '--max-time', '1', url];
    const ran = await this.primary.host.netns(argv);
    return ran.code === 0 && ran.stdout.includes('started');
  }

  /** Main is what the primary has, and no hand-back of an earlier row is left. */
  private async resetHub(): Promise<void> {
    const script = `cd "/home/git/$2.git" && git update-ref refs/heads/main "$1" &&
git for-each-ref --format='delete %(refname)' refs/heads/failover | git update-ref --stdin`;
    const ran = await lab.hub.exec(
      // prettier-ignore
      ['runuser', '-u', 'git', '--', 'sh', '-c', script, 'sh', this.baseline, this.places.repository],
    );
    if (ran.code !== 0) throw new Error(`the hub was not reset: ${ran.stderr}`);
  }
}

const userUnits = '/home/openclaw/.config/systemd/user';

export async function userSystemctl({primary}: Stage, command: string): Promise<void> {
  const ran = await asOpenclaw(primary.host, `systemctl --user ${command}`, {timeoutMs: 60_000});
  if (ran.code !== 0) throw new Error(`systemctl --user ${command} on the primary: ${ran.stderr}`);
}

const gatewayDropIn = `[Service]
ExecStart=
ExecStart=${layout.node} ${stubs}/gateway-stub.mjs ${gatewayAnswers} ${layout.gatewayPort} 127.0.0.1
`;

const preloadDropIn = `[Service]
Environment="NODE_OPTIONS=--require=${stubs}/monitor-preload.cjs"
`;

/** As setup left it, asleep; "$1" is the commit that both workspaces began with: no role, no state, no events, a workspace like the remote's, nothing of a fault. */
const standbyReset = `
systemctl kill -s CONT ${units.monitor} 2>/dev/null
systemctl stop 'openclaw-*' openclaw.service
rm -f /run/systemd/system/*.d/fault.conf /etc/systemd/system/*.d/lab.conf
while mountpoint -q ${layout.state}; do umount -l ${layout.state}; done
find ${layout.state} ${layout.run} ${layout.roleRun} ${layout.workRun} -mindepth 1 -delete 2>/dev/null
rm -rf ${told}
mkdir -p ${told}
chmod 777 ${told}
systemctl daemon-reload
systemctl reset-failed 'openclaw*'
runuser -u openclaw -- sh -euc '
  cd ${layout.workspace}
  rm -f .git/index.lock .git/${layout.inUse}
  git checkout -qf main
  git cat-file -e "$0" || git fetch -q origin main
  git update-ref refs/remotes/origin/main "$0"
  git reset -q --hard "$0"
  git clean -qfd
  git for-each-ref --format="delete %(refname)" refs/heads/failover refs/failover-pushed | git update-ref --stdin' "$1"
`;
