import {describe, expect, it} from 'vitest';
import type {GatewayFact} from '../../src/facts/types.js';
import {controlOf} from '../../src/gateway/control.js';
import {runningPrimary} from '../phases/facts.js';

const control = (gateway: Partial<GatewayFact>) =>
  controlOf(
    runningPrimary({
      gateway: {known: true, value: {form: 'compose', active: true, listeners: [], ...gateway}},
    }),
  );

describe('a command where the gateway is', () => {
  it('is itself for a unit, as the owner of its files', () => {
    expect(controlOf(runningPrimary())?.inside(['cat', '/a b'])).toEqual({
      argv: ['cat', '/a b'],
      user: 'openclaw',
    });
  });
  it('goes into the container of Docker, by root', () => {
    const made = control({user: 'node', container: {engine: 'docker', name: 'claw'}});
    expect(made?.inside(['cat', '/a b'])).toEqual({
      argv: ['docker', 'exec', '-i', 'claw', 'cat', '/a b'],
      user: undefined,
    });
    expect(made?.start).toEqual(['docker', 'start', 'claw']);
  });
  it('goes into a container of podman by the user whose it is, who also stops it', () => {
    const made = control({form: 'podman', container: {engine: 'podman', name: 'claw', user: 'ops'}});
    expect(made?.inside(['true'])).toEqual({argv: ['podman', 'exec', '-i', 'claw', 'true'], user: 'ops'});
    expect(made?.openclaw(['status'])).toEqual({
      argv: ['podman', 'exec', '-i', 'claw', 'node', 'dist/index.js', 'status'],
      user: 'ops',
    });
    expect(made?.stop.slice(0, 4)).toEqual(['runuser', '-u', 'ops', '--']);
    expect(made?.stop.slice(-5)).toEqual(['podman', 'stop', '--time', '30', 'claw']);
  });
  it.each(['foreground', 'none'] as const)('is nowhere for a gateway of form %s', (form) =>
    expect(control({form})).toBeUndefined(),
  );
});

describe('the log of a gateway', () => {
  it('of a user unit is what it says and what its own systemd says of it, of that user alone', () => {
    const log = controlOf(runningPrimary())!.log(200).join(' ');
    expect(log).toMatch(/^journalctl .*--lines=200 --follow _SYSTEMD_USER_UNIT=openclaw-gateway\.service/);
    expect(log).toMatch(/_UID=\d+ \+ USER_UNIT=openclaw-gateway\.service _UID=\d+$/);
  });
  it('of a system unit is its journal', () =>
    expect(control({form: 'system-unit', unit: 'claw.service'})?.log(200).at(-1)).toBe(
      '--unit=claw.service',
    ));
  it('of a container is what its engine kept of both its outputs', () =>
    expect(
      control({container: {engine: 'docker', name: 'claw'}})
        ?.log(200)
        .at(-1),
    ).toBe('exec docker logs --tail 200 --follow claw 2>&1'));
});
