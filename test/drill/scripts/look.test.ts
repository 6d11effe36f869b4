import {writeFileSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {lookScript, parseLook, type PrimaryLook} from '../../../src/drill/look.js';
import {firedFile, markFile} from '../../../src/drill/mark-files.js';
import type {GatewayFact} from '../../../src/facts/types.js';
import {FakeBin} from './fake-bin.js';

let bin: FakeBin;
beforeEach(() => {
  bin = new FakeBin({nft: 'exit 1', ip: '', runuser: 'shift 3; exec "$@"'});
});
afterEach(() => bin.remove());

/** Answers of systemctl by what is asked for. */
const systemctl = (answers: {
  enabled?: string;
  restart?: string;
  active?: string;
  setup?: string;
  timer?: string;
}) =>
  bin.put(
    'systemctl',
    `case "$*" in
*openclaw-failover-drill-revert*) printf '%s\\n' ${answers.timer ?? 'ActiveState=inactive NextElapseUSecMonotonic=infinity'} ;;
*openclaw-failover*is-active*|*is-active*openclaw-failover*) echo ${answers.setup ?? 'inactive'} ;;
*is-enabled*) echo ${answers.enabled ?? 'enabled'} ;;
*Restart*) echo ${answers.restart ?? 'always'} ;;
*is-active*) echo ${answers.active ?? 'active'} ;;
esac`,
  );

/** Files of the host are in the folder of the stand-ins. */
function looked(gateway: Partial<GatewayFact>): PrimaryLook {
  const text = lookScript({form: 'system-unit', active: true, listeners: [], ...gateway} as GatewayFact)
    .replaceAll(markFile, `${bin.folder}/drill.json`)
    .replaceAll(firedFile, `${bin.folder}/fired`)
    .replaceAll('/var/lib/systemd/linger/', `${bin.folder}/linger-`);
  const {code, stdout, stderr} = bin.run(text);
  expect({code, stderr}).toEqual({code: 0, stderr: ''});
  return parseLook(stdout);
}
const unit = {form: 'system-unit', unit: 'openclaw.service'} as const;
const userUnit = {form: 'user-unit', unit: 'openclaw-gateway.service', user: 'openclaw'} as const;
const container = {form: 'compose', container: {engine: 'docker', name: 'claw', user: 'root'}} as const;

describe('whether the gateway comes up with its host, and after a crash', () => {
  it.each([
    ['enabled', 'always', true, true],
    ['enabled', 'on-failure', true, true],
    ['static', 'no', true, false],
    ['disabled', 'no', false, false],
    ['masked', 'always', false, true],
    ['odd', '', null, null],
  ])('of a system unit that is %j with Restart=%j: %s, %s', (enabled, restart, atBoot, restarts) => {
    systemctl({enabled, restart: restart || "''"});
    expect(looked(unit)).toMatchObject({atBoot, restarts, active: true});
  });

  it('of a user unit needs a user that lingers', () => {
    systemctl({});
    expect(looked(userUnit)).toMatchObject({atBoot: false, restarts: true, active: true});
    writeFileSync(`${bin.folder}/linger-openclaw`, '');
    expect(looked(userUnit)).toMatchObject({atBoot: true});
    expect(bin.calls).toContainEqual(expect.stringMatching(/^runuser <-u> <openclaw> <--> <sh> <-c>/));
    expect(bin.calls).toContain('systemctl <--user> <is-enabled> <openclaw-gateway.service>');
  });

  it.each([
    ['always', true, true],
    ['unless-stopped', true, true],
    ['on-failure', false, true],
    ['no', false, false],
  ])('of a container with the policy %s: %s, %s', (policy, atBoot, restarts) => {
    systemctl({});
    bin.put('docker', `case "$*" in *RestartPolicy*) echo ${policy} ;; *) echo running ;; esac`);
    expect(looked(container)).toMatchObject({atBoot, restarts, active: true});
  });

  it('of a container of a user is asked by that user', () => {
    systemctl({});
    bin.put('podman', 'echo always');
    looked({form: 'podman', container: {engine: 'podman', name: 'claw', user: 'ops'}});
    expect(bin.calls[0]).toMatch(/^runuser <-u> <ops> <--> <podman> <inspect>/);
  });

  it('is not known where systemd answers nothing', () => {
    bin.put('systemctl', 'exit 1');
    expect(looked(unit)).toMatchObject({atBoot: null, restarts: null, active: false, revertS: null});
  });
});

describe('what is under way on the primary', () => {
  const mark = {
    id: '2026-11-20T1355',
    fault: 'hang',
    startedAt: '2026-11-20T13:55:00.000Z',
    who: 'anna',
    machine: 'desk',
  };

  it('is nothing', () => {
    systemctl({});
    expect(looked(unit)).toMatchObject({
      revertS: null,
      mark: null,
      firedAt: null,
      cut: false,
      setupTest: false,
    });
  });

  it('is a drill, with whose it is and when it undoes itself', () => {
    systemctl({timer: `ActiveState=active "NextElapseUSecMonotonic=40y 2min"`});
    writeFileSync(`${bin.folder}/drill.json`, `${JSON.stringify(mark)}\n`);
    writeFileSync(`${bin.folder}/fired`, '2026-11-20T14:05:00Z\n');
    const seen = looked(unit);
    expect(seen).toMatchObject({mark, firedAt: '2026-11-20T14:05:00Z'});
    expect(seen.revertS).toBeGreaterThan(39 * 31_557_600);
  });

  it.each([
    ['a table of nft', () => bin.put('nft', '')],
    ['a rule', () => bin.put('ip', '[ "$1" = -6 ] || echo "77: from 100.64.0.11 to 100.64.0.12 blackhole"')],
    [
      'a rule of IPv6',
      () => bin.put('ip', '[ "$1" != -6 ] || echo "77: from fd7a::11 to fd7a::12 blackhole"'),
    ],
  ])('is a network that is cut: %s', (_, spoil) => {
    systemctl({});
    spoil();
    expect(looked(unit).cut).toBe(true);
  });

  it('is no cut where another rule begins with the same figures', () => {
    systemctl({});
    bin.put('ip', 'echo "770: from all lookup main"; echo "32766: from all lookup main"');
    expect(looked(unit).cut).toBe(false);
  });

  it('is the test of a setup', () => {
    systemctl({setup: 'active'});
    expect(looked(unit).setupTest).toBe(true);
  });
});

describe('what a host says', () => {
  it('is nothing where it is garbage', () => {
    const none = {
      atBoot: null,
      restarts: null,
      active: false,
      timers: false,
      canCut: false,
      client: null,
      revertS: null,
      setupTest: false,
      mark: null,
      firedAt: null,
      cut: false,
    };
    for (const text of [
      '',
      '\0\u001b[2J',
      'boot',
      'BOOT enabled',
      'mark {"id":"../../x"}',
      'mark [',
      'fired yesterday',
      'ActiveState=active',
      '__proto__ x',
      'constructor x',
    ])
      expect(parseLook(text), JSON.stringify(text)).toEqual(none);
  });

  it('steers no terminal, whoever wrote the mark', () => {
    const mark = JSON.stringify({
      id: 'x',
      fault: 'stop',
      startedAt: '2026-11-20T13:55:00.000Z',
      who: 'a\u001b[31mb',
      machine: 'c\u0007d',
    });
    const seen = parseLook(`client 198.51.100.7\u001b[2J\nmark ${mark}\n`);
    // oxlint-disable-next-line no-control-regex
    expect(JSON.stringify(seen)).not.toMatch(/\\u001b|\\u0007|[\u0000-\u001f]/);
    expect(seen.mark?.id).toBe('x');
  });

  it('is the client of the connection', () => expect(parseLook('client fd7a::12\n').client).toBe('fd7a::12'));
});
