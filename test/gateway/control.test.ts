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

describe('a crash, and a halt', () => {
  const user = (verb: string) =>
    `XDG_RUNTIME_DIR=/run/user/$(id -u) exec systemctl --user ${verb} openclaw-gateway.service`;
  it('of a user unit are signals to all of its processes, by its own systemd', () => {
    const {kill, halt, go} = controlOf(runningPrimary())!;
    expect([kill, halt, go].map((argv) => argv.slice(0, 4))).toEqual(
      Array.from({length: 3}, () => ['runuser', '-u', 'openclaw', '--']),
    );
    expect([kill, halt, go].map((argv) => argv.at(-1))).toEqual([
      user('kill --signal=SIGKILL'),
      user('kill --signal=SIGSTOP'),
      user('kill --signal=SIGCONT'),
    ]);
  });
  it('of a system unit are the same by root', () => {
    const {kill, halt, go} = control({form: 'system-unit', unit: 'claw.service'})!;
    expect([kill, halt, go].map((argv) => argv.join(' '))).toEqual([
      'systemctl kill --signal=SIGKILL claw.service',
      'systemctl kill --signal=SIGSTOP claw.service',
      'systemctl kill --signal=SIGCONT claw.service',
    ]);
  });
  it('of a container are a signal to its process, and a pause by its engine', () => {
    const {kill, halt, go} = control({container: {engine: 'docker', name: 'claw'}})!;
    expect(kill).toEqual([
      'sh',
      '-c',
      `pid=$(docker inspect -f '{{.State.Pid}}' claw) && [ "$pid" -gt 1 ] && kill -KILL "$pid"`,
    ]);
    expect([halt, go]).toEqual([
      ['docker', 'pause', 'claw'],
      ['docker', 'unpause', 'claw'],
    ]);
  });
  it('of a container of a user are asked for by that user; the signal is sent by root', () => {
    const made = control({form: 'podman', container: {engine: 'podman', name: 'claw', user: 'ops'}})!;
    expect(made.kill.slice(0, 2)).toEqual(['sh', '-c']);
    expect(made.kill[2]).toMatch(/^pid=\$\(runuser -u ops -- .* && kill -KILL "\$pid"$/);
    for (const argv of [made.halt, made.go]) expect(argv.slice(0, 4)).toEqual(['runuser', '-u', 'ops', '--']);
    expect(made.halt.slice(-3)).toEqual(['podman', 'pause', 'claw']);
  });
});

describe('what keeps a gateway from being started is cleared', () => {
  it('of a user unit: it failed too often, or the systemd of its user is not there', () => {
    const {clear} = controlOf(runningPrimary())!;
    expect(clear.slice(0, 2)).toEqual(['sh', '-c']);
    expect(clear[2]).toMatch(
      /^systemctl start "user@\$\(id -u openclaw\)\.service"; exec runuser -u openclaw -- .*systemctl --user reset-failed openclaw-gateway\.service/,
    );
  });
  it('of a system unit: it failed too often', () =>
    expect(control({form: 'system-unit', unit: 'claw.service'})!.clear).toEqual([
      'systemctl',
      'reset-failed',
      'claw.service',
    ]));
  it('of a container there is nothing', () =>
    expect(control({container: {engine: 'docker', name: 'claw'}})!.clear).toEqual(['true']));
});
