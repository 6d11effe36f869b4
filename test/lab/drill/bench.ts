// A pair that drills are made on, with its operator and an outside look.

import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {drillReport, type DrillReport} from '../../../src/drill/report.js';
import type {MonitorSettings} from '../../../src/monitor/settings.js';
import type {Answers} from '../../../src/pair/schema.js';
import {layout, units} from '../../../src/templates/layout.js';
import {asOpenclaw, sh, unitState, until} from '../host-state.js';
import {Inside} from '../inside.js';
import {Operator, said, type Ended, type Line, type Run} from '../operator.js';
import {answersFor, pairName, rename, secrets, type LabPair, type Talk} from '../pair.js';
import {Stopwatch} from '../stopwatch.js';

/** Shorter waits, for tests that cannot wait; no step of the monitor is left out. */
export type Settings = (settings: MonitorSettings) => void;

export const short: Settings = ({holds, thresholds, promotion, ...rest}) => {
  Object.assign(holds, {stoppedMs: 8_000, hungMs: 15_000, plainMs: 12_000});
  Object.assign(thresholds, {riseMs: 10_000, minActiveMs: 20_000});
  Object.assign(promotion, {backoffMs: 2_000});
  Object.assign(rest, {bootGraceMs: 10_000});
};
export const asSetup: Settings = () => {};

/** Lines of `drill --json`. */
export const stage =
  (id: string) =>
  (line: Line): boolean =>
    line.type === 'stage' && line['id'] === id;

export const primaryUnit = 'openclaw-gateway.service';
export const timer = 'openclaw-failover-drill-revert.timer';

export class Bench {
  readonly operator = new Operator(secrets);
  readonly primary: Inside;
  readonly standby: Inside;
  private written = '';
  private newest: Settings = asSetup;

  private constructor(
    readonly pair: LabPair,
    readonly talk: Talk,
    readonly answers: Answers,
  ) {
    this.primary = new Inside(pair.primary);
    this.standby = new Inside(pair.standby);
    this.operator.answer(answers);
  }

  /** The pair at rest, with a chat of its own. */
  static async of(pair: LabPair, talk: Talk, settings: Settings): Promise<Bench> {
    await rename(pair, talk);
    // Upgrades that come by themselves would be found as differences.
    for (const host of [pair.primary, pair.standby])
      await sh(host, 'systemctl disable -q --now apt-daily.timer apt-daily-upgrade.timer 2>/dev/null || :');
    const answers = await answersFor(pair);
    const {channel} = answers as {channel: {settings: Record<string, unknown>}};
    Object.assign(channel.settings, {
      nick: talk.nick,
      allowFrom: [`${talk.asker}!~${talk.asker}@10.77.0.1`],
    });
    const bench = new Bench(pair, talk, answers);
    bench.written = (await bench.standby.read(layout.monitorSettings)) ?? '';
    const started = await asOpenclaw(pair.primary, `systemctl --user start ${primaryUnit}`);
    if (started.code !== 0) throw new Error(`${pair.primary.name}: ${started.stderr}`);
    // A monitor with short waits would take over from one that is still starting.
    await pair.primary.gatewayReady(240);
    await bench.set(settings);
    return bench;
  }

  /** The monitor with settings that differ from those that setup wrote in this. */
  async set(change: Settings): Promise<void> {
    this.newest = change;
    const settings = JSON.parse(this.written) as MonitorSettings;
    change(settings);
    await this.standby.write(layout.monitorSettings, `${JSON.stringify(settings, undefined, 2)}\n`);
    const others = `$(systemctl list-unit-files --state=enabled --no-legend 'openclaw-*' | cut -d' ' -f1)`;
    await sh(this.pair.standby, `systemctl restart ${units.monitor}; systemctl start ${others}`, {
      timeoutMs: 60_000,
    });
    await this.rest();
  }

  /** The settings as they were set last. */
  restore(): Promise<void> {
    return this.set(this.newest);
  }

  /** The same pair, from another machine. Whoever asks for it ends its operator. */
  elsewhere(): Bench {
    return new Bench(this.pair, this.talk, this.answers);
  }

  /** The monitor watches a primary that is well, and can ask it for its report; nobody's takeover is counted. */
  async rest(limitMs = 120_000): Promise<void> {
    await until(`${this.pair.standby.name} watches`, limitMs, async () => {
      const now = await this.live();
      return (
        now?.state === 'watching' &&
        now.probe?.class === 'ok' &&
        now.interrogation.works === true &&
        Date.now() - Date.parse(now.time) < 5_000
      );
    });
  }

  async live(): Promise<
    | {
        state: string;
        time: string;
        probe: {class: string} | null;
        interrogation: {works: boolean | null};
      }
    | undefined
  > {
    try {
      return JSON.parse((await this.standby.read(layout.live)) ?? '');
    } catch {
      return undefined;
    }
  }

  /** Starts `drill … --json`, confirmed, with a message of its own. */
  drill(...args: string[]): Run {
    return this.operator.start(
      'drill',
      '--json',
      '--yes',
      '--confirm',
      pairName,
      '--probe',
      `irc=${this.talk.asker}`,
      // What the settings promise is for a machine that is not busy with other tests.
      '--rto',
      '5m',
      ...args,
    );
  }

  /** The same, to its end; once more where the monitor has just become doubtful, as the checklist says to do then. */
  async drilled(limitMs: number, ...args: string[]): Promise<Ended> {
    for (let tries = 1; ; tries++) {
      const ended = await this.ended(this.drill(...args), limitMs);
      const checks = ended.lines.flatMap(({type, checks}) => (type === 'checks' ? checks : []));
      const red: string[] = checks.filter(({sign}) => sign === 'stop').map(({say}) => say);
      if (tries === 3 || red.length !== 1 || !red[0]!.startsWith('The monitor is not at rest')) return ended;
      console.log(`measured: again, because ${red[0]}`);
      await this.rest();
    }
  }

  async ended(run: Run, limitMs: number): Promise<Ended> {
    const limit = setTimeout(() => run.kill(), limitMs);
    return run.ended.finally(() => clearTimeout(limit));
  }

  watch(): Promise<Stopwatch> {
    const {primary, standby, nicks} = this.pair.places;
    return Stopwatch.start({
      from: standby.name,
      primary,
      nicks: [nicks.primary, this.talk.nick],
      as: this.talk.asker.replace('ask', 'see'),
    });
  }

  async timerIsArmed(): Promise<boolean> {
    return (await unitState(this.pair.primary, timer)).active === 'active';
  }

  async primaryRuns(): Promise<boolean> {
    const ran = await asOpenclaw(this.pair.primary, `systemctl --user is-active ${primaryUnit}`);
    return ran.stdout.trim() === 'active';
  }

  /** Reports that are kept on the operator's machine, oldest first. */
  kept(): DrillReport[] {
    const folder = join(this.operator.env['XDG_STATE_HOME']!, 'failover-wizard', pairName, 'drills');
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => drillReport.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
      .toSorted((a, b) => Date.parse(a.endedAt) - Date.parse(b.endedAt));
  }
}

/** The report that a run ended with. @throws with all that it said */
export function reportOf(ended: Ended): DrillReport {
  const line = ended.lines.find(({type, report}) => type === 'report' && report !== undefined);
  if (!line) throw new Error(`there is no report: ${said(ended)}`);
  return drillReport.parse(line['report']);
}

/** What a failed expectation about a report shows. */
export function told({fault, verdict, left, stages, outcome}: DrillReport): string {
  const reached = stages.map(({id, ms, note}) => `  ${id} ${ms}${note && ` (${note})`}`);
  return [`${fault}: ${outcome}`, JSON.stringify({verdict, left}, undefined, 1), ...reached].join('\n');
}
