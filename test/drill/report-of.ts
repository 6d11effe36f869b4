import {drillReport, type DrillReport, type StageId, type StageReport} from '../../src/drill/report.js';

type Times = Partial<Record<StageId, number | null>>;

/** ms of a kill that went well, as of a real pair. */
export const killed: Times = {
  fault: 0,
  'first-bad': 3_100,
  asked: 3_600,
  verdict: 7_300,
  started: 7_500,
  ready: 17_200,
  connected: 17_400,
  answered: 20_600,
  told: 18_100,
  undone: 24_000,
  'primary-ready': 33_900,
  back: 34_800,
  demoting: 64_900,
  'handed-back': 65_300,
  rest: 66_100,
};

export interface Differing extends Partial<Omit<DrillReport, 'stages' | 'verdict'>> {
  times?: Times;
  /** Of a stage, beside its time. */
  stage?: Partial<Record<StageId, Partial<StageReport>>>;
  verdict?: Partial<DrillReport['verdict']>;
}

/** A report that begins at `startedAt`; the tests run in UTC. */
export function reportOf(startedAt: string, differing: Differing = {}): DrillReport {
  const {times = killed, stage = {}, verdict, ...rest} = differing;
  const beganMs = Date.parse(startedAt);
  const connected = times.connected ?? null;
  return drillReport.parse({
    version: 1,
    id: `${startedAt.slice(0, 13)}${startedAt.slice(14, 16)}`,
    pair: 'default',
    fault: 'kill',
    startedAt,
    faultAt: new Date(beganMs + 12_000).toISOString(),
    endedAt: new Date(beganMs + 90_000).toISOString(),
    program: '1.4.0',
    openclaw: {primary: '2026.9.6', standby: '2026.9.6'},
    targets: {rtoMs: 60_000, rtoFrom: 'pair', rpoMs: null},
    expected: 'takeover',
    outcome: 'takeover',
    rtoMs: connected,
    rpoMs: 180_000,
    workspace: {behind: 0, dirty: 0, handBack: ''},
    stages: Object.entries(times).map(([id, ms]) => ({
      id,
      ms,
      usualMs: null,
      promisedMs: null,
      plainMs: null,
      note: '',
      ...stage[id as StageId],
    })),
    proofs: [],
    clocks: {primary: {offsetMs: 12, uncertaintyMs: 9}, standby: {offsetMs: -3, uncertaintyMs: 13.2}},
    preflight: {checks: [], forced: false},
    verdict: {
      result: 'passed',
      say: 'The bot was back after 17.4 s, within the 60 s that are asked for.',
      reasons: [],
      remarks: [],
      slowest: {id: 'ready', tookMs: 9_700},
      ...verdict,
    },
    left: {primary: 'well', standby: 'asleep', deadMan: 'disarmed', say: ''},
    ...rest,
  });
}

/** A drill each month on the 20th, from December 2025 on; a start gets slower and slower from the middle of the year. */
export function yearOfDrills(slowerMs = 600): DrillReport[] {
  return Array.from({length: 12}, (_, index) => {
    const month = new Date(Date.UTC(2025, 11 + index, 20, 14, 30)).toISOString();
    const later = Math.max(0, index - 4) * slowerMs + ((index * 37) % 5) * 60;
    const times = Object.fromEntries(
      Object.entries(killed).map(([id, ms]) => [id, ms! > 7_500 ? ms! + later : ms]),
    );
    return reportOf(month, {times});
  });
}
