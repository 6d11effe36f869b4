import {expect, it, vi} from 'vitest';
import type {ProofChange} from '../../../src/plan/change.js';
import type {SetupEvent} from '../../../src/plan/events.js';
import {secrets} from '../../../src/plan/proofs/secrets.js';
import type {Ran} from '../../../src/ssh/host.js';
import {units} from '../../../src/templates/layout.js';
import {applyToFacts} from '../../phases/apply-to-facts.js';
import {provision} from '../../../src/phases/1-provision.js';
import {planInputOf} from '../../phases/facts.js';
import {contextOf, localHost} from '../local-host.js';

// Waiting takes no time here, but for the clock.
vi.mock('node:timers/promises', () => ({
  setTimeout: async (ms: number) => void vi.advanceTimersByTime(ms),
}));

const change: ProofChange = {
  kind: 'proof',
  proof: 'secrets',
  id: 'x',
  host: 'standby',
  title: 'x',
  inputs: 'abc',
};
const said = (result: string, detail: string) =>
  JSON.stringify({at: '2026-11-20T14:00:00.000Z', result, detail});
const pulled = said('pulled', 'a.env');
const denied = said('unreachable', 'keeper@100.64.0.30: Permission denied publickey.');

/** A standby whose pulls say these one after the other, the last again and again. */
async function tried(reports: string[], host = 'keeper@100.64.0.30') {
  const input = planInputOf({answers: {secretsSync: {host, allow: ['a.env']}}});
  for (const one of provision.plan(input)) applyToFacts(one, input);
  const standby = localHost();
  const scripts: string[] = [];
  standby.script = async ({text}) => {
    const stdout = reports[Math.min(scripts.length, reports.length - 1)] ?? '';
    scripts.push(text);
    return {code: 0, timedOut: false, stdout, stderr: '', tookMs: 1} satisfies Ran;
  };
  const events: SetupEvent[] = [];
  const lines: string[] = [];
  const context = {...contextOf(standby), input};
  vi.useFakeTimers();
  try {
    await secrets(change, {
      ...context,
      say: (line) => lines.push(line),
      emit: (event) => events.push(event),
    });
  } finally {
    vi.useRealTimers();
  }
  return {scripts, events, lines};
}

it('one pull that brings the files is all there is', async () => {
  const {scripts, events, lines} = await tried([pulled]);
  expect(scripts).toHaveLength(1);
  expect(scripts[0]).toContain(`systemctl start ${units.secretsPull}`);
  expect(events).toEqual([]);
  expect(lines).toEqual(['Pulled from keeper@100.64.0.30: a.env.']);
});

it('a third server is given the line, shown as a whole, and waited for', async () => {
  const {scripts, events, lines} = await tried([denied, denied, denied, pulled]);
  expect(scripts).toHaveLength(4);
  expect(events.map(({type}) => type)).toEqual(['waiting', 'waited']);
  const [waiting] = events;
  expect(waiting?.type === 'waiting' && waiting.show).toMatch(
    /^restrict,(?:from="[\d.,]+",)?command="echo openclaw-failover-secrets default [0-9a-f]{32} && cd ~\/\.secrets && exec tar -cf - --no-recursion -- a\.env" ssh-ed25519 \S+ openclaw-failover-secrets default$/,
  );
  expect(lines.at(-1)).toBe('Pulled from keeper@100.64.0.30: a.env.');
});

it('a line that is not added in 5 min is a warning, and setup goes on', async () => {
  const {scripts, events} = await tried([denied]);
  expect(scripts.length).toBeGreaterThan(25);
  expect(events.map(({type}) => type)).toEqual(['waiting', 'waited', 'findings']);
  expect(events[2]).toMatchObject({
    findings: [
      {level: 'warning', sentence: expect.stringContaining('unreachable, keeper@100.64.0.30: Permission')},
    ],
  });
});

it('the primary has its line already: what it refuses is told at once', async () => {
  const {scripts, events, lines} = await tried([said('refused', 'a.env is empty')], 'openclaw@203.0.113.10');
  expect(scripts).toHaveLength(1);
  expect(events).toMatchObject([{type: 'findings', findings: [{level: 'warning'}]}]);
  expect(lines).toEqual(['Nothing was pulled from openclaw@203.0.113.10: refused, a.env is empty.']);
});

it('a pull that leaves no report is looked for in the journal', async () => {
  const {lines} = await tried([''], 'openclaw@203.0.113.10');
  expect(lines[0]).toContain(`see journalctl -u ${units.secretsPull}`);
});
