import {publicSplit} from '../screens/plain/public.js';
import {stripControl} from '../ssh/strip.js';
import {hostNames} from './seen.js';
import {exitOfCheck, type CheckReport} from './report.js';
import type {Drift} from './drift.js';

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

/** A report as `check --json` gives it (docs/check.md). Pure. */
export function publicReport(report: CheckReport) {
  const {pair, atMs, version, verdict, split, changes, drift, checks} = report;
  return {
    pair,
    at: iso(atMs),
    version,
    exit: exitOfCheck(report),
    verdict: {state: verdict.state, words: verdict.words, sentence: verdict.sentence},
    split: publicSplit(split),
    changes,
    drift: Object.fromEntries(hostNames.map((host) => [host, publicDrift(drift[host])])),
    checks,
  };
}

function publicDrift(drift: Drift) {
  if (!drift.known) return drift;
  const {sinceMs, items, unnoted, ...rest} = drift;
  return {
    ...rest,
    since: iso(sinceMs),
    items: items.map(({changedAtMs, says, ...item}) => ({
      ...item,
      says: stripControl(says),
      changedAt: iso(changedAtMs),
    })),
    unnoted,
  };
}
