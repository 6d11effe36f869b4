import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {faults, isMomentary, timed, timesOf, type FaultInput} from '../../../src/drill/faults.js';
import {faultNames, type FaultName} from '../../../src/drill/report.js';
import type {GatewayFact} from '../../../src/facts/types.js';
import {controlOf} from '../../../src/gateway/control.js';
import {runningPrimary} from '../../phases/facts.js';
import {FakeBin, real} from './fake-bin.js';

const inputOf = (gateway: Partial<GatewayFact>, change: Partial<FaultInput> = {}): FaultInput => ({
  control: controlOf(
    runningPrimary({
      gateway: {known: true, value: {form: 'compose', active: true, listeners: [], ...gateway}},
    }),
  )!,
  port: 18_789,
  primary: '100.64.0.11',
  standby: '100.64.0.12',
  ...change,
});
const forms = {
  'user unit': inputOf({form: 'user-unit', unit: 'openclaw-gateway.service', user: 'openclaw'}),
  'system unit': inputOf({form: 'system-unit', unit: 'openclaw.service'}),
  container: inputOf({container: {engine: 'docker', name: 'claw'}}),
} as const;
type Form = keyof typeof forms;

let bin: FakeBin;
/** It runs, whoever asks; `wrong` comes first. */
const systemd = (wrong = '') => `${wrong}\ncase "$*" in *is-active*) echo active ;; esac`;
beforeEach(() => {
  bin = new FakeBin({
    systemctl: systemd(),
    id: 'echo 1001',
    // The rest of its words is what it runs.
    runuser: 'shift 3; exec "$@"',
    docker: 'case "$*" in *Status*) echo running ;; *inspect*) echo 4242 ;; esac',
    ss: '',
    ip: '',
    nft: `[ "$1" != -f ] || cat >"$(dirname "$0")/rules"; [ "$1" != list ]`,
  });
});
afterEach(() => bin.remove());

const done = (text: string) => {
  const before = bin.calls.length;
  const ran = bin.run(timed(text));
  return {...ran, calls: bin.calls.slice(before).filter((each) => !/^(?:runuser|ss|id) /.test(each))};
};

/** Started whatever became of it, and seen to run. */
const back: Record<Form, string[]> = {
  'user unit': [
    'systemctl <start> <user@1001.service>',
    ...['reset-failed', 'start', 'is-active'].map(
      (verb) => `systemctl <--user> <${verb}> <openclaw-gateway.service>`,
    ),
  ],
  'system unit': ['reset-failed', 'start', 'is-active'].map(
    (verb) => `systemctl <${verb}> <openclaw.service>`,
  ),
  container: ['docker <start> <claw>', 'docker <inspect> <-f> <{{.State.Status}}> <claw>'],
};

/** What each fault comes to, made and taken back. `kill` of a container needs the process, which is tried below. */
const commands: [Form, FaultName, string[], string[]][] = [
  ['user unit', 'stop', ['systemctl <--user> <stop> <openclaw-gateway.service>'], back['user unit']],
  [
    'user unit',
    'kill',
    ['systemctl <--user> <kill> <--signal=SIGKILL> <openclaw-gateway.service>'],
    back['user unit'],
  ],
  [
    'user unit',
    'hang',
    ['systemctl <--user> <kill> <--signal=SIGSTOP> <openclaw-gateway.service>'],
    ['systemctl <--user> <kill> <--signal=SIGCONT> <openclaw-gateway.service>', ...back['user unit']],
  ],
  ['system unit', 'stop', ['systemctl <stop> <openclaw.service>'], back['system unit']],
  ['system unit', 'kill', ['systemctl <kill> <--signal=SIGKILL> <openclaw.service>'], back['system unit']],
  [
    'system unit',
    'hang',
    ['systemctl <kill> <--signal=SIGSTOP> <openclaw.service>'],
    ['systemctl <kill> <--signal=SIGCONT> <openclaw.service>', ...back['system unit']],
  ],
  ['system unit', 'reboot', ['systemctl <reboot> <--no-wall>'], back['system unit']],
  ['container', 'stop', ['docker <stop> <--time> <30> <claw>'], back.container],
  ['container', 'hang', ['docker <pause> <claw>'], ['docker <unpause> <claw>', ...back.container]],
];

describe('a fault', () => {
  it.each(commands)(
    'of a %s, %s: is made and taken back by the commands of that form',
    (form, name, made, back) => {
      const fault = faults[name];
      expect(done(fault.inject(forms[form]))).toMatchObject({code: 0, calls: made});
      expect(done(fault.undo(forms[form]))).toMatchObject({code: 0, calls: back});
    },
  );

  it('of a user unit is made by its user', () => {
    done(faults.kill.inject(forms['user unit']));
    expect(bin.calls[0]).toMatch(/^runuser <-u> <openclaw> <--> <sh> <-c> <XDG_RUNTIME_DIR=/);
  });

  it('that kills a container kills its process, past the engine, so that it counts as a crash', () => {
    const control = forms.container.control;
    expect(control.kill.slice(0, 2)).toEqual(['sh', '-c']);
    bin.put('docker', 'echo 2147483646');
    // No process has that number: that it cannot be killed is an error, not a success.
    const ran = bin.run(faults.kill.inject(forms.container));
    expect(ran.code).not.toBe(0);
    expect(bin.calls).toEqual(['docker <inspect> <-f> <{{.State.Pid}}> <claw>']);
  });

  it.each(faultNames.flatMap((name) => (Object.keys(forms) as Form[]).map((form) => [name, form] as const)))(
    '%s of a %s may be taken back when it was never made, and twice',
    (name, form) => {
      for (const program of ['nft', 'ip']) bin.put(program, 'exit 1');
      bin.put('systemctl', systemd('case "$*" in *kill*|*reset-failed*|*user@*) exit 1 ;; esac'));
      bin.put('docker', '[ "$1" != unpause ] || exit 1; [ "$1" != inspect ] || echo running');
      const text = faults[name].undo(forms[form]);
      expect(bin.run(text).code).toBe(0);
      expect(bin.run(text).code).toBe(0);
    },
  );

  it.each(['stop', 'kill', 'hang'] as const)('%s that cannot be made is an error', (name) => {
    bin.put('systemctl', 'echo "Unit not found." >&2; exit 5');
    const ran = done(faults[name].inject(forms['system unit']));
    expect(ran.code).toBe(5);
    expect(ran.stderr).toContain('Unit not found.');
  });

  it.each(['stop', 'hang'] as const)('%s that cannot be taken back is an error', (name) => {
    bin.put('systemctl', 'exit 5');
    expect(bin.run(faults[name].undo(forms['system unit'])).code).toBe(5);
  });

  it.each([
    ['is still being started', 'system unit', 'systemctl', 'case "$1" in is-active) echo activating ;; esac'],
    ['failed at once', 'user unit', 'systemctl', 'case "$2" in is-active) echo failed; exit 3 ;; esac'],
    ['has ended again', 'container', 'docker', '[ "$1" != inspect ] || echo exited'],
    // Its engine says of a container that is paused that it runs.
    ['is paused', 'container', 'docker', 'case "$1" in inspect) echo paused ;; esac'],
  ] as const)('is not taken back where the gateway %s (%s)', (_, form, program, body) => {
    bin.put(program, body);
    for (const name of ['stop', 'hang'] as const)
      expect(bin.run(faults[name].undo(forms[form])).code, name).not.toBe(0);
  });

  it.each(['0', '1', '-1', ''])('kills nothing where the process of a container is %j', (pid) => {
    bin.put('docker', `echo ${pid}`);
    const text = faults.kill.inject(forms.container).replaceAll('kill -KILL', 'echo killed');
    expect(text).toContain('echo killed');
    const ran = bin.run(text);
    expect(ran.code).not.toBe(0);
    expect(ran.stdout).not.toContain('killed');
  });

  it('kills nothing where the engine does not know the container', () => {
    bin.put('docker', 'echo 4242; exit 1');
    const ran = bin.run(faults.kill.inject(forms.container).replaceAll('kill -KILL', 'echo killed'));
    expect(ran).toMatchObject({code: 1, stdout: ''});
  });

  it('reaches a unit of any name whole', () => {
    const unit = `a b'c"$(touch x)\`.service`;
    const odd = inputOf({form: 'user-unit', unit, user: 'openclaw'});
    expect(done(faults.stop.inject(odd)).calls).toEqual([`systemctl <--user> <stop> <${unit}>`]);
    expect(done(faults.stop.undo(odd)).calls.slice(1)).toEqual(
      ['reset-failed', 'start', 'is-active'].map((verb) => `systemctl <--user> <${verb}> <${unit}>`),
    );
  });

  it.each(faultNames)('%s has a title that says what it does', (name) => {
    expect(faults[name].name).toBe(name);
    expect(faults[name].title).toMatch(/^[a-z].*[a-z]$/);
    expect(isMomentary(name)).toBe(name === 'kill' || name === 'reboot');
  });
});

describe('a cut network', () => {
  const input = forms['system unit'];
  const six = inputOf({form: 'system-unit', unit: 'x'}, {primary: 'fd7a::11', standby: 'fd7a::12'});

  it('is a table of nft that drops both ways between the two private addresses, and nothing else', () => {
    expect(done(faults.partition.inject(input))).toMatchObject({code: 0, calls: ['nft <-f> <->']});
    const rules = bin.file('rules');
    expect(rules.match(/\bdrop\b/g)).toHaveLength(2);
    expect(rules).toContain('ip saddr 100.64.0.12 ip daddr 100.64.0.11 drop');
    expect(rules).toContain('ip saddr 100.64.0.11 ip daddr 100.64.0.12 drop');
    expect(rules.match(/policy accept/g)).toHaveLength(2);
  });

  it('is the same with addresses of IPv6', () => {
    done(faults.partition.inject(six));
    expect(bin.file('rules')).toContain('ip6 saddr fd7a::12 ip6 daddr fd7a::11 drop');
    done(faults.partition.undo(six));
    expect(bin.calls.filter((each) => each.startsWith('ip '))).toEqual([
      'ip <-6> <rule> <del> <from> <fd7a::11> <to> <fd7a::12> <priority> <77>',
      'ip <-6> <rule> <list>',
    ]);
  });

  it.each([
    ['there is no nft', () => ({only: true})],
    ['nft does not take it', () => (bin.put('nft', 'cat >/dev/null; exit 1'), {only: false})],
  ])('is a route to nowhere where %s', (_, spoil) => {
    const how = spoil();
    if (how.only) {
      bin.remove();
      bin = new FakeBin({ip: '', ...real('date', 'grep')});
    }
    const rule = '<from> <100.64.0.11> <to> <100.64.0.12> <priority> <77>';
    expect(bin.run(timed(faults.partition.inject(input)), how).code).toBe(0);
    expect(bin.calls.filter((each) => each.startsWith('ip'))).toEqual([
      `ip <rule> <add> ${rule} <blackhole>`,
    ]);
    expect(bin.run(faults.partition.undo(input), how).code).toBe(0);
    expect(bin.calls.filter((each) => each.startsWith('ip')).slice(1)).toEqual([
      `ip <rule> <del> ${rule}`,
      'ip <rule> <list>',
    ]);
  });

  it('is an error where neither can be made', () => {
    bin.put('nft', 'exit 1');
    bin.put('ip', 'exit 2');
    expect(done(faults.partition.inject(input)).code).toBe(2);
  });

  it('is healed both ways, whichever it was made, and seen to be', () => {
    expect(done(faults.partition.undo(input)).code).toBe(0);
    expect(bin.calls).toEqual([
      'nft <delete> <table> <inet> <openclaw_failover_drill>',
      'ip <rule> <del> <from> <100.64.0.11> <to> <100.64.0.12> <priority> <77>',
      'nft <list> <table> <inet> <openclaw_failover_drill>',
      'ip <rule> <list>',
    ]);
  });

  it.each([
    ['a table of nft', 'nft', '[ "$1" != delete ]'],
    ['a rule', 'ip', '[ "$2" != list ] || echo "77: from 100.64.0.11 to 100.64.0.12 blackhole"'],
  ])('is not healed as long as %s is in force', (_, program, body) => {
    bin.put(program, body);
    const ran = bin.run(faults.partition.undo(input));
    expect(ran.code).toBe(1);
    expect(ran.stderr).toBe('the rule that cuts the network is still in force\n');
  });

  it('is healed where only a rule of another priority is there', () => {
    bin.put('ip', '[ "$2" != list ] || echo "770: from all lookup main"');
    expect(bin.run(faults.partition.undo(input)).code).toBe(0);
  });
});

describe('when a fault took effect', () => {
  it('is when its command had ended, by the clock of the host', () => {
    const before = Date.now();
    const {stdout} = bin.run(timed('sleep 0.1; echo noise'));
    const times = timesOf(stdout)!;
    expect(stdout).not.toContain('noise');
    expect(times.fromMs).toBeGreaterThanOrEqual(before - 1);
    expect(times.atMs - times.fromMs).toBeGreaterThanOrEqual(95);
    expect(times.atMs).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('of a stop is when the gateway lets go of its port, not when all of it has ended', () => {
    // It listens for as long as the file is there, and takes another moment to end.
    bin.put('systemctl', 'd=$(dirname "$0"); touch "$d/on"; sleep 0.1; rm "$d/on"; sleep 0.25');
    bin.put('ss', '[ ! -e "$(dirname "$0")/on" ] || echo LISTEN');
    bin.run(`touch ${bin.folder}/on`);
    const {code, stdout} = bin.run(timed(faults.stop.inject(forms['system unit'])));
    expect(code).toBe(0);
    const times = timesOf(stdout)!;
    const endMs = Number(/^fault-to (\d+)$/m.exec(stdout)![1]) / 1e6;
    expect(times.atMs - times.fromMs).toBeGreaterThan(95);
    expect(endMs - times.atMs).toBeGreaterThan(100);
    expect(bin.calls.find((each) => each.startsWith('ss '))).toBe('ss <-Hltn> <sport = :18789>');
  });

  it.each([
    ['ends well', 0],
    ['fails', 5],
  ])('of a stop that %s is its end where nobody can say who listens', (_, code) => {
    bin.remove();
    bin = new FakeBin({systemctl: `sleep 0.1; exit ${code}`, ...real('date', 'sleep')});
    const ran = bin.run(timed(faults.stop.inject(forms['system unit'])), {only: true});
    expect(ran.code).toBe(code);
    const times = timesOf(ran.stdout)!;
    expect(times.atMs - times.fromMs).toBeGreaterThan(95);
  });

  it.each([
    ['nothing', ''],
    ['a beginning alone', 'fault-from 1795732194159000000\n'],
    ['a date without nanoseconds', 'fault-from 1795732194N\nfault-to 1795732194N\n'],
    ['words', 'fault-from x\nfault-to y\n'],
    [
      'something in a line of its own words',
      'xfault-from 1795732194159000000\nfault-to 17957321941590000001\n',
    ],
  ])('is not known from %s', (_, stdout) => expect(timesOf(stdout)).toBeNull());

  it('is read to a fraction of a millisecond', () => {
    expect(
      timesOf('fault-from 1795732194159123456\nfault-at 1795732194259123456\nfault-to 1795732199159123456\n'),
    ).toEqual({fromMs: 1_795_732_194_159.123, atMs: 1_795_732_194_259.123});
  });
});
