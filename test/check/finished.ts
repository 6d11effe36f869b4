import {createHash} from 'node:crypto';
import type {FileFact, HostFacts} from '../../src/facts/types.js';
import type {CheckResult} from '../../src/check/answer.js';
import {rows} from '../../src/check/checks/index.js';
import type {Seen} from '../../src/check/seen.js';
import type {Answers} from '../../src/pair/schema.js';
import type {PlanInput} from '../../src/phases/phase.js';
import {keyedHash} from '../../src/phases/wants.js';
import {compare} from '../../src/plan/compare.js';
import {planAll} from '../../src/plan/setup.js';
import type {LiveTold} from '../../src/sampler/told.js';
import type {KnownMonitor} from '../../src/screens/watch/model/monitor-sample.js';
import type {HostSample, WatchSample} from '../../src/screens/watch/model/sample.js';
import type {HostName} from '../../src/ssh/host.js';
import {applyToFacts} from '../phases/apply-to-facts.js';
import {account, planInputOf} from '../phases/facts.js';
import {nowMs} from '../screens/watch/model/sample-parts.js';
import {wellSample} from '../screens/watch/model/samples.js';

/** When setup wrote the manifests, and when something was changed by hand: epoch ms. */
export const setupMs = nowMs - 7 * 86_400_000;
export const handMs = nowMs - 3_600_000;

/** The model of two hosts after a setup that has finished: nothing differs. */
export function finishedInput(answers: Partial<Answers> = {}): PlanInput {
  const input = planInputOf({answers});
  input.standby.memory = {totalBytes: 4e9, availableBytes: 3e9};
  for (const facts of [input.primary, input.standby])
    facts.disks = {'/': {totalBytes: 40e9, freeBytes: 30e9, readOnly: false}};
  if (input.primary.accounts.known)
    input.primary.accounts = {
      known: true,
      accounts: [account('main'), {...account('backup'), enabled: false}],
    };
  input.standby.accounts = {known: true, accounts: [account('backup')]};
  for (const facts of [input.primary, input.standby]) facts.clockSynced = {known: true, value: true};
  for (let round = 0; round < 20; round++) {
    const changes = planAll(input).flatMap(({changes: some}) => some);
    if (changes.length === 0) break;
    for (const change of changes) applyToFacts(change, input);
  }
  for (const facts of [input.primary, input.standby])
    for (const file of Object.values(facts.files)) if (file) file.changedMs = setupMs;
  return input;
}

/** One look at such a pair in which all is well. */
export function seenOf(input: PlanInput, change: Partial<Seen> = {}): Seen {
  return {
    pair: input.pair,
    version: input.version,
    programs: input.programs,
    sample: wellSample({pair: input.pair.name}),
    facts: {primary: input.primary, standby: input.standby},
    unread: {},
    comparison: compare(input),
    live: {telling: null} as LiveTold,
    events: 12,
    drillLeft: null,
    ...change,
  };
}

export const seenWell = (answers: Partial<Answers> = {}): Seen => seenOf(finishedInput(answers));

/** A host that does not answer: nothing was read of it, and so nothing can be compared. */
export function without(seen: Seen, host: HostName): Seen {
  const {[host]: _gone, ...facts} = seen.facts;
  return {...seen, facts, unread: {...seen.unread, [host]: 'no route to it'}, comparison: undefined};
}

export const withFacts = (seen: Seen, host: HostName, change: Partial<HostFacts>): Seen => ({
  ...seen,
  facts: {...seen.facts, [host]: {...seen.facts[host]!, ...change}},
});

export const withSample = (seen: Seen, change: Partial<WatchSample>): Seen => ({
  ...seen,
  sample: wellSample({...seen.sample, verdict: undefined as never, ...change}),
});

export const withHost = (seen: Seen, host: HostName, change: Partial<HostSample>): Seen =>
  withSample(seen, {[host]: {...seen.sample[host], ...change}});

export const withMonitor = (seen: Seen, change: Partial<KnownMonitor>): Seen =>
  withSample(seen, {monitor: {...(seen.sample.monitor as KnownMonitor), ...change}});

/** Another content, as somebody wrote it by hand after setup. */
export function edited(input: PlanInput, host: HostName, path: string, text?: string): FileFact {
  const before = input[host].files[path]!;
  const content =
    text ??
    `${before.content}by hand
`;
  const file = {
    ...before,
    content,
    hash: keyedHash(input[host].key, content),
    sha256: createHash('sha256').update(content).digest('hex'),
    changedMs: handMs,
  };
  input[host].files[path] = file;
  return file;
}

/** What came of a row, worst last; by its id. */
export const resultsOf = (seen: Seen, id: string): CheckResult[] =>
  rows.flatMap((row) => (row.id === id ? row.look(seen) : []));
