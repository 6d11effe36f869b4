import {describe, expect, it} from 'vitest';
import type {GatewayFact} from '../../src/facts/types.js';
import {healthOf, readyAt} from '../../src/plan/health.js';
import type {Host} from '../../src/ssh/host.js';
import {runningPrimary} from '../phases/facts.js';
import {localHost} from './local-host.js';

/** A host where only some commands see the gateway; what was asked, as whom. */
function hostWhere(status: (asked: string) => number | string): {host: Host; asked: string[]} {
  const asked: string[] = [];
  const host: Host = {
    ...localHost(),
    run: async (argv, options) => {
      const line = `${options?.user ?? 'root'}: ${argv.filter((word) => !word.startsWith('fetch(')).join(' ')}`;
      asked.push(line);
      return {code: 0, timedOut: false, stdout: String(status(line)), stderr: '', tookMs: 1};
    },
  };
  return {host, asked};
}
const primary = (gateway: Partial<GatewayFact>) => {
  const facts = runningPrimary();
  if (facts.gateway.known) facts.gateway.value = {...facts.gateway.value, ...gateway};
  return facts;
};

describe('the health of a gateway', () => {
  it("is asked by its own user with its own Node, which is not root's to run", async () => {
    const {host, asked} = hostWhere(() => 200);
    expect(await healthOf(host, primary({}))).toBe('ready');
    expect(asked).toEqual(['openclaw: /usr/local/bin/node -e http://127.0.0.1:18789/readyz']);
  });
  it.each([
    ['503 at readyz', (line: string) => (line.includes('readyz') ? 503 : 200), 'up'],
    ['an answer at healthz only', (line: string) => (line.includes('readyz') ? 0 : 200), 'up'],
    ['no answer', () => 0, 'down'],
  ])('with %s is "%s"', async (_name, status, expected) => {
    expect(await healthOf(hostWhere(status).host, primary({}))).toBe(expected);
  });
  it('is asked first where an edit makes it listen', async () => {
    const {host, asked} = hostWhere((line) => (line.includes('10.0.0.9') ? 200 : 0));
    expect(await healthOf(host, primary({}), ['10.0.0.9'])).toBe('ready');
    expect(asked[0]).toContain('http://10.0.0.9:18789/readyz');
  });
  it('in a container is asked inside it, then through its published port', async () => {
    const {host, asked} = hostWhere((line) => (line.includes('curl') ? 200 : 0));
    const facts = primary({
      form: 'podman',
      container: {engine: 'podman', name: 'claw', user: 'ops'},
      listeners: [{protocol: 'tcp', address: '0.0.0.0', port: 18789}],
    });
    expect(await healthOf(host, facts)).toBe('ready');
    expect(asked[0]).toBe('ops: podman exec -i claw node -e http://127.0.0.1:18789/readyz');
    expect(asked.at(-1)).toMatch(/^root: curl .*http:\/\/127\.0\.0\.1:18789\/readyz$/);
  });
});

describe('the moment at which a gateway gets ready', () => {
  it('is looked for on its own host, at all of its addresses', async () => {
    const {host, asked} = hostWhere(() => 1_795_756_800_123);
    const facts = primary({listeners: [{protocol: 'tcp', address: '100.64.0.11', port: 18789}]});
    expect(await readyAt(host, facts, 5_000)).toBe(1_795_756_800_123);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatch(/^openclaw: /);
    expect(asked[0]).toMatch(
      / 5000 http:\/\/127\.0\.0\.1:18789\/readyz http:\/\/100\.64\.0\.11:18789\/readyz$/,
    );
  });
  it('is undefined when it did not come within that time', async () => {
    expect(await readyAt(hostWhere(() => 'not ready').host, primary({}), 5_000)).toBeUndefined();
  });
  it('is unknown when what looks says something that is no time', async () => {
    expect(await readyAt(hostWhere(() => 200).host, primary({}), 5_000)).toBe('unknown');
  });
  it('is not looked for where its Node is not known', async () => {
    const {host, asked} = hostWhere(() => 1_795_756_800_123);
    expect(await readyAt(host, {...primary({}), openclaw: {known: true, value: null}}, 5_000)).toBe(
      'unknown',
    );
    expect(asked).toEqual([]);
  });
});
