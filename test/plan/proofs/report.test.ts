import {expect, it} from 'vitest';
import type {ProofChange} from '../../../src/plan/change.js';
import type {SetupEvent} from '../../../src/plan/events.js';
import {proof} from '../../../src/plan/kinds/proof.js';
import type {Ran, RunOptions} from '../../../src/ssh/host.js';
import {layout} from '../../../src/templates/layout.js';
import {contextOf, localHost} from '../local-host.js';

const change: ProofChange = {
  kind: 'proof',
  proof: 'report',
  id: 'x',
  host: 'standby',
  title: 'x',
  inputs: 'abc',
};

/** A standby whose monitor prints this; what is stamped, said and told. */
async function tried(stdout: string, stderr = '') {
  const host = localHost();
  const asked: {argv: readonly string[]; options: RunOptions | undefined}[] = [];
  let stamped = '';
  const ran: Ran = {code: 0, timedOut: false, stdout, stderr, tookMs: 1};
  host.run = async (argv, options) => (asked.push({argv, options}), ran);
  host.script = async ({text}) => ((stamped = text), {...ran, stdout: ''});
  const events: SetupEvent[] = [];
  const said: string[] = [];
  const context = contextOf(host);
  await proof(change, {...context, say: (line) => said.push(line), emit: (event) => events.push(event)});
  return {asked, stamp: /printf '%s\\n' '?([^'>]*)'? >/.exec(stamped)?.[1]?.trim(), events, said};
}
const witness = {alive: true, by: 'x'};
const report = {unit: 'active', loopback: 'ok'};

it('a report is told with its time and stamped', async () => {
  const result = {asked: {kind: 'report', report, path: 'private', tookMs: 143}, publicPath: null, witness};
  const {asked, stamp, events, said} = await tried(JSON.stringify(result));
  expect(asked).toEqual([
    {
      argv: [layout.node, layout.monitorProgram, 'ask'],
      options: expect.objectContaining({user: layout.monitorUser}),
    },
  ]);
  expect(stamp).toBe('abc ok 143 ms private');
  expect(said[0]).toContain('report in 143 ms by the private path');
  expect(events).toEqual([]);
});

it.each([
  [
    'a refusal',
    JSON.stringify({
      asked: {kind: 'refused', path: 'private', detail: 'Permission denied\u001b[2J (publickey).'},
    }),
    'abc refused: Permission denied (publickey).',
  ],
  ['a monitor that does not know the word', '', 'abc usage: monitor.mjs'],
])('%s is a warning, and no failure', async (_what, stdout, expected) => {
  const {stamp, events} = await tried(stdout, stdout ? '' : 'usage: monitor.mjs\n');
  expect(stamp).toBe(expected);
  expect(events).toMatchObject([{type: 'findings', findings: [{id: 'report', level: 'warning'}]}]);
});

it('a standby to which nobody beyond its router answers is a warning beside the report', async () => {
  const outlook = {
    result: 'router-only',
    detail: 'git.example.org (198.51.100.2) port 22: no answer in time',
  };
  const asked = {kind: 'report', report, path: 'private', tookMs: 143};
  const {stamp, events} = await tried(JSON.stringify({asked, publicPath: null, witness, outlook}));
  expect(stamp).toBe('abc ok 143 ms private');
  expect(events).toMatchObject([{type: 'findings', findings: [{id: 'way-out', level: 'warning'}]}]);
});
