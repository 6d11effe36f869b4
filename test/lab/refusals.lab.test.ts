// What setup refuses, in which words, and that nothing was touched by then.

import {setTimeout as sleep} from 'node:timers/promises';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import type {Answers} from '../../src/pair/schema.js';
import {asOpenclaw, differences, listing, monitorNow, sh, until} from './host-state.js';
import {errorOf, said, type Ended, type Operator} from './operator.js';
import {
  answersFor,
  bootPair,
  finishedPair,
  finishedSnapshots,
  operatorOf,
  removePair,
  secrets,
  type LabPair,
} from './pair.js';

let pair: LabPair;
let operator: Operator;

afterAll(async () => {
  await operator?.leave();
  await removePair();
});

/** Everything that a refused run could have touched. */
const touched = async ({primary, standby}: LabPair) => [
  ...(await listing(standby, ['/etc', '/usr', '/opt', '/home', '/root'])),
  ...(await listing(primary, ['/etc', '/usr', '/opt', '/root'])),
  await sh(primary, 'sha256sum /home/openclaw/.openclaw/openclaw.json'),
];

/** Runs something that is to be refused; gives the differences that it made as well. */
async function untouched(work: () => Promise<void>): Promise<string[]> {
  const before = await touched(pair);
  await work();
  return differences(before, await touched(pair));
}

/** Patches the primary's config as its operator would. */
async function onPrimary(patch: unknown): Promise<void> {
  const ran = await asOpenclaw(pair.primary, 'openclaw config patch --stdin', {
    input: JSON.stringify(patch),
    timeoutMs: 60_000,
  });
  if (ran.code !== 0) throw new Error(`the patch was refused: ${ran.stdout}${ran.stderr}`);
}

describe('a finished pair', () => {
  let answers: Answers;
  const changed = (edit: (draft: any) => void): Answers => {
    const draft = structuredClone(answers);
    edit(draft);
    return draft;
  };

  beforeAll(async () => {
    ({pair, operator} = await finishedPair());
    answers = await answersFor(pair);
  });

  /** The work, and what puts back the scene afterwards, also when an expectation failed. */
  const during = async (work: () => Promise<void>, putBack: () => unknown): Promise<void> => {
    try {
      await work();
    } finally {
      await putBack();
    }
  };
  const guard = () =>
    asOpenclaw(
      pair.standby,
      '/opt/openclaw-failover/node/bin/node /usr/local/lib/openclaw-failover/accounts.mjs guard',
    );
  const plannedIds = ({lines}: Ended): string[] =>
    lines
      .filter(({type, status}) => type === 'phase' && status === 'planning')
      .flatMap(({changes}) => changes.map(({id}: {id: string}) => id));

  it('an unknown key in the answers is a usage error with its path, before any connection', async () => {
    operator.answer(changed((draft) => (draft.monitor.profil = 'classic')));
    await during(
      async () => {
        const ended = await operator.dryRun();
        expect(ended.code, said(ended)).toBe(2);
        expect(ended.stderr).toContain('monitor.profil');
        expect(ended.stderr).not.toContain('Connecting');
      },
      () => operator.answer(answers),
    );
  });

  it("a nick of the primary under another account's name is a conflict that names both", async () => {
    operator.answer(
      changed(({channel}) =>
        Object.assign(channel, {account: 'other', settings: {...channel.settings, nick: 'clawmain'}}),
      ),
    );
    await during(
      async () => {
        const made = await untouched(async () => {
          for (const ended of [await operator.dryRun(), await operator.setup(60_000)]) {
            expect(ended.code, said(ended)).toBe(5);
            expect(errorOf(ended).sentence).toMatch(
              /^irc account "main" \(clawmain@10\.77\.0\.2:6667\) of the primary and irc account "other"/i,
            );
          }
        });
        expect(made).toEqual([]);
      },
      () => operator.answer(answers),
    );
  });

  it('a credential that the primary uses for another account is a conflict that names it', async () => {
    await onPrimary({channels: {irc: {accounts: {main: {nickserv: {password: secrets.LAB_NICKSERV}}}}}});
    await during(
      async () => {
        const made = await untouched(async () => {
          const ended = await operator.setup(60_000);
          expect(ended.code, said(ended)).toBe(5);
          expect(errorOf(ended).sentence).toMatch(/^irc account "main" .*\(nickserv\.password\)\.$/i);
          expect(ended.stdout + ended.stderr).not.toContain(secrets.LAB_NICKSERV);
        });
        expect(made).toEqual([]);
      },
      () => onPrimary({channels: {irc: {accounts: {main: {nickserv: null}}}}}),
    );
  });

  it("the primary's only account cannot be taken from it", async () => {
    await onPrimary({channels: {irc: {accounts: {main: {enabled: false}, backup: {enabled: true}}}}});
    await during(
      async () => {
        const made = await untouched(async () => {
          const ended = await operator.setup(60_000);
          expect(ended.code, said(ended)).toBe(1);
          expect(errorOf(ended).sentence).toBe(
            'irc backup is the only channel account of the primary, which would have none left.',
          );
        });
        expect(made).toEqual([]);
      },
      () => onPrimary({channels: {irc: {accounts: {main: {enabled: true}, backup: {enabled: false}}}}}),
    );
  });

  it('an account that somebody gives back to the primary is seen and disabled again', async () => {
    const set = 'openclaw config set channels.irc.accounts.backup.enabled true';
    const enabled = await asOpenclaw(pair.primary, set, {timeoutMs: 60_000});
    expect(enabled.code, enabled.stderr).toBe(0);
    // It takes the account in, and may answer no probe meanwhile.
    await sleep(6_000);
    await until('the gateway of the primary is well again', 60_000, async () => {
      const now = await monitorNow(pair.standby);
      return now?.probe === 'ok' && now.agoMs < 3000;
    });
    const dry = await operator.dryRun();
    expect(dry.code, said(dry)).toBe(5);
    expect(plannedIds(dry)).toEqual(['primary:config-patch:irc:backup']);
    const ended = await operator.setup(420_000);
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.lines.find(({type}) => type === 'done')!.summary.split.state).toBe('disjoint');
  });

  it('an account that somebody gives to the standby is guarded against, and taken away again', async () => {
    const config = '/home/openclaw/.openclaw/openclaw.json';
    const edit = `const fs=require("fs"),p="${config}";const [head,...rest]=fs.readFileSync(p,"utf8").split("\\n");const t=JSON.parse(rest.join("\\n"));const a=t.channels.irc.accounts;a.main={...a.backup,nick:"clawmain"};fs.writeFileSync(p,head+"\\n"+JSON.stringify(t,null,2)+"\\n")`;
    expect((await guard()).code).toBe(0);
    const edited = await asOpenclaw(pair.standby, `/opt/openclaw-failover/node/bin/node -e '${edit}'`);
    expect(edited.code, edited.stderr).toBe(0);
    const refused = await guard();
    expect(refused.code).not.toBe(0);
    expect(refused.stderr + refused.stdout).toContain('"main"');
    const dry = await operator.dryRun();
    expect(dry.code, said(dry)).toBe(5);
    expect(plannedIds(dry)).toContain('standby:gateway-config');
    // The test before this one took over as well, minutes ago: neither holds the other back.
    const ended = await operator.setup(420_000);
    expect(ended.code, said(ended)).toBe(0);
    expect(ended.lines.find(({type}) => type === 'done')!.summary.split.state).toBe('disjoint');
    expect((await guard()).code).toBe(0);
  });

  it('a changed host key stops with both fingerprints', async () => {
    const old = await pair.standby.fingerprint();
    await sh(
      pair.standby,
      `cd /etc/ssh; mkdir /root/keys; mv ssh_host_* /root/keys/; ssh-keygen -q -A; systemctl restart ssh`,
    );
    const fresh = (await sh(pair.standby, `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub`)).split(' ')[1]!;
    const ended = await operator.dryRun();
    await sh(pair.standby, `mv /root/keys/* /etc/ssh/; rmdir /root/keys; systemctl restart ssh`);
    expect(fresh).not.toBe(old);
    expect(ended.code, said(ended)).toBe(4);
    expect(ended.stderr).toContain(old);
    expect(ended.stderr).toContain(fresh);
  });

  it('a standby that does not answer ends it within 30 s', async () => {
    await pair.standby.cut();
    const ended = await operator.dryRun();
    await pair.standby.heal();
    console.log(
      `measured: a silent standby is given up after ${(ended.ms / 1000).toFixed(1)} s: ${errorOf(ended).sentence}`,
    );
    expect(ended.code, said(ended)).toBe(4);
    expect(errorOf(ended).sentence).toContain('standby');
    expect(ended.ms).toBeLessThan(30_000);
    await pair.standby.kill();
    const dead = await operator.dryRun();
    console.log(
      `measured: a dead standby is given up after ${(dead.ms / 1000).toFixed(1)} s: ${errorOf(dead).sentence}`,
    );
    expect(dead.code, said(dead)).toBe(4);
    expect(dead.ms).toBeLessThan(30_000);
  });
});

describe('a bare server', () => {
  beforeAll(async () => {
    await operator?.leave();
    pair = await bootPair({from: finishedSnapshots().primary}, {tree: 'bookworm'});
    operator = await operatorOf(pair);
  });

  it('of a distribution that nobody has tried is refused before anything is changed', async () => {
    await sh(
      pair.standby,
      `cp --remove-destination /usr/lib/os-release /etc/os-release; sed -i 's/^ID=.*/ID=slackware/; s/^PRETTY_NAME=.*/PRETTY_NAME="Slackware 15"/' /etc/os-release`,
    );
    const made = await untouched(async () => {
      const ended = await operator.setup(60_000);
      expect(ended.code, said(ended)).toBe(1);
      expect(errorOf(ended).sentence).toBe('The standby runs Slackware 15.');
      expect(errorOf(ended).next.join(' ')).toContain('Debian 12');
    });
    await sh(pair.standby, 'ln -sf ../usr/lib/os-release /etc/os-release');
    expect(made).toEqual([]);
  });

  it('with too small a disk is refused before anything is changed', async () => {
    await sh(pair.standby, 'mount -t tmpfs -o size=300m tmpfs /opt');
    const made = await untouched(async () => {
      const ended = await operator.setup(60_000);
      expect(ended.code, said(ended)).toBe(1);
      expect(errorOf(ended).sentence).toMatch(/^The standby has 0\.3 GB free; OpenClaw needs \d\.\d GB\.$/);
    });
    await sh(pair.standby, 'umount /opt');
    expect(made).toEqual([]);
  });

  it("waits for apt's lock; a disk that fills up midway ends it, and the same command goes on when there is room", async () => {
    const room = '/opt/openclaw-failover';
    await sh(pair.standby, `mkdir -p ${room} && mount -t tmpfs -o size=400m tmpfs ${room}`);
    const hold = `import fcntl, time; f = open("/var/lib/dpkg/lock-frontend", "w"); fcntl.lockf(f, fcntl.LOCK_EX); time.sleep(20)`;
    const holder = pair.standby.exec(['python3', '-c', hold], {timeoutMs: 40_000});
    await sleep(500);
    const started = performance.now();
    const run = operator.start('setup', '--yes', '--json');
    const waits = await run.line(
      ({type, line}) => type === 'output' && String(line).startsWith("waiting for apt's lock"),
      20_000,
    );
    console.log(
      `measured: told after ${((performance.now() - started) / 1000).toFixed(1)} s: ${waits['line']}`,
    );
    expect((await holder).code).toBe(0);
    await run.line(
      ({type, id, status}) =>
        type === 'change' && status === 'done' && String(id).startsWith('standby:packages'),
      120_000,
    );

    const limit = setTimeout(() => run.kill(), 180_000);
    const full = await run.ended.finally(() => clearTimeout(limit));
    expect(full.code, said(full)).toBe(1);
    expect(errorOf(full).sentence).toMatch(
      /^Could not install openclaw.* on the standby: its disk is full\.$/i,
    );
    await sh(pair.standby, `umount ${room}`);
    const again = operator.start('setup', '--yes', '--json');
    await again.line(
      ({type, id, status}) => type === 'change' && status === 'done' && id === 'standby:npm-package:openclaw',
      180_000,
    );
    again.kill();
    expect((await again.ended).code).toBe(137);
    expect(await sh(pair.standby, `${room}/node/bin/node --version`)).toMatch(/^v\d+/);
  });
});
