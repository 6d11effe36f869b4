import {createHash} from 'node:crypto';
import {describe, expect, it} from 'vitest';
import {parseSource, type SecretsSync} from '../../src/pair/secrets-source.js';
import {config} from '../../src/phases/3-config.js';
import {monitor} from '../../src/phases/4-monitor.js';
import {provision} from '../../src/phases/1-provision.js';
import {formerSource} from '../../src/phases/former-source.js';
import {lineOf, placeOf, secretsFindings} from '../../src/phases/secrets-pull.js';
import {reportOf, secretsReport} from '../../src/phases/secrets-report.js';
import type {PlanInput} from '../../src/phases/phase.js';
import type {Change} from '../../src/plan/change.js';
import {requestFor} from '../../src/plan/requests.js';
import {appliedStamp, layout, units} from '../../src/templates/layout.js';
import type {Manifest} from '../../src/templates/manifest.js';
import {authorizedLine} from '../../src/templates/secrets-source.js';
import {applyToFacts, pullKey, sourceHostKey} from './apply-to-facts.js';
import {bareStandby, planInputOf, runningPrimary} from './facts.js';

const body = sourceHostKey.split(' ')[1]!;
const pin = `SHA256:${createHash('sha256').update(Buffer.from(body, 'base64')).digest('base64').replace(/=+$/, '')}`;
const third: SecretsSync = {host: 'keeper@100.64.0.30', path: '~/.secrets', allow: ['a.env'], hostKey: pin};
const own: SecretsSync = {host: 'openclaw@100.64.0.11', path: '~/.secrets', allow: ['a.env', 'b.env']};

function input(secretsSync: SecretsSync | null): PlanInput {
  const address = (name: string, ip: string) => ({name, address: ip, family: 4 as const, prefix: 10});
  const primary = runningPrimary({
    addresses: [address('lo', '127.0.0.1'), address('tailscale0', '100.64.0.11')],
  });
  const standby = bareStandby({
    addresses: [
      address('lo', '127.0.0.1'),
      address('eth0', '203.0.113.12'),
      address('eth0', 'fe80::1'),
      address('tailscale0', '100.64.0.12'),
    ],
  });
  return planInputOf({primary, standby, answers: {secretsSync}});
}
const planned = (of: PlanInput) => [provision, config, monitor].flatMap((phase) => [...phase.plan(of)]);
const ours = (changes: readonly Change[]) =>
  changes.map(({id}) => id).filter((id) => /secrets|source-key/.test(id));
/** Every phase, twice: what could only be planned after something else is planned then. */
function setUp(of: PlanInput): Change[] {
  const done: Change[] = [];
  for (const phase of [provision, config, monitor])
    for (let round = 0; round < 2; round += 1)
      for (const change of phase.plan(of)) {
        applyToFacts(change, of);
        done.push(change);
      }
  return done;
}
/** Without that of the monitor, which is another matter. */
const lines = (of: PlanInput) =>
  of.primary.users['openclaw']?.authorizedKeys.filter((line) => !line.includes(layout.reportProgram));

describe('without secretsSync', () => {
  it('nothing of it is on any host', () => {
    const of = input(null);
    expect(ours(setUp(of))).toEqual([]);
    expect(ours(planned(of))).toEqual([]);
  });
});

describe('with a source', () => {
  it.each([
    ['elsewhere', third],
    ['on the primary', own],
  ])('%s: ends in nothing to do once it is applied', (_name, sync) => {
    const of = input(sync);
    setUp(of);
    expect(planned(of).map(({id}) => id)).toEqual([]);
  });

  it('the key comes first, then host key, programs and line, then one pull, before the models are tried', () => {
    const ids = setUp(input(own)).map(({id}) => id);
    const order = [
      'standby:secrets-key',
      `standby:file:${layout.secretsKnownHosts}`,
      `standby:file:${layout.lib}/secrets-pull`,
      `standby:file:/etc/systemd/system/${units.secretsPull}`,
      'primary:secrets-line:openclaw',
      'standby:proof:secrets',
      'standby:proof:models',
      `standby:unit:${units.secretsPullTimer}`,
    ];
    expect(ids.filter((id) => order.includes(id))).toEqual(order);
    expect(ids.indexOf(`standby:file:${layout.accountsProgram}`)).toBeLessThan(
      ids.indexOf('standby:proof:secrets'),
    );
  });

  it('on the primary: its own word pins the host key, and the line lets in the private address only', () => {
    const of = input(own);
    setUp(of);
    expect(of.standby.files[layout.secretsKnownHosts]?.content).toMatch(/^# Written by .*\n/);
    expect(of.standby.files[layout.secretsKnownHosts]?.content).toContain(
      `\n100.64.0.11 ${of.reached?.primary.hostKeys[0]}\n`,
    );
    expect(lines(of)).toEqual([
      authorizedLine(own, {pairName: 'default', publicKey: pullKey, from: ['100.64.0.12']}),
    ]);
  });

  it('elsewhere: nothing changes on the primary, and the pinned key is asked for', () => {
    const changes = setUp(input(third));
    expect(ours(changes).filter((id) => id.startsWith('primary:'))).toEqual([]);
    expect(changes.find(({kind}) => kind === 'source-key')).toMatchObject({
      pin,
      source: {address: '100.64.0.30'},
    });
  });

  it('elsewhere: another pin is scanned anew', () => {
    const of = input(third);
    setUp(of);
    of.pair.secretsSync = {...third, hostKey: `SHA256:${'A'.repeat(43)}`};
    expect(ours(planned(of))).toContain('standby:source-key');
  });

  it('a longer list: the script, the line and one pull, with one line left on the primary', () => {
    const of = input(own);
    setUp(of);
    of.pair.secretsSync = {...own, allow: ['a.env', 'b.env', 'c.env']};
    expect([...new Set(ours(planned(of)))]).toEqual([
      `standby:file:${layout.lib}/secrets-pull`,
      'primary:secrets-line:openclaw',
      'standby:proof:secrets',
    ]);
    setUp(of);
    expect(lines(of)).toHaveLength(1);
    expect(lines(of)?.[0]).toContain('-- a.env b.env c.env"');
  });

  it('lines of others stay', () => {
    const of = input(own);
    of.primary.users['openclaw']!.authorizedKeys.push('ssh-ed25519 AAAA me@laptop');
    setUp(of);
    of.pair.secretsSync = null;
    setUp(of);
    expect(lines(of)).toEqual(['ssh-ed25519 AAAA me@laptop']);
  });

  it.each<[string, SecretsSync, SecretsSync | null, boolean]>([
    ['the same source', third, {...third, allow: ['b.env']}, false],
    ['no source any more', third, null, true],
    ['another user there', third, {...third, host: 'other@100.64.0.30'}, true],
    ['the primary instead', third, own, true],
    ['over IPv6, and no more', {...third, host: 'keeper@[fd00::30]:2222'}, null, true],
    ['the primary, and no more', own, null, false],
  ])('%s: the command for a third server is told until the pull is taken away', (_what, was, now, told) => {
    const of = input(was);
    setUp(of);
    of.pair.secretsSync = now;
    const [, user, address] = /^(.*)@(.*)$/.exec(was.host)!;
    expect(formerSource(of)).toEqual(
      told
        ? [
            expect.objectContaining({
              level: 'warning',
              sentence: expect.stringContaining(`${user}@${address}`),
              fix: `There, as ${user}: sed -i '/ openclaw-failover-secrets default$/d' ~/.ssh/authorized_keys`,
            }),
          ]
        : [],
    );
    setUp(of);
    expect(formerSource(of)).toEqual([]);
  });

  it('from the primary to elsewhere: the line on the primary goes', () => {
    const of = input(own);
    setUp(of);
    of.pair.secretsSync = third;
    setUp(of);
    expect(lines(of)).toEqual([]);
    expect(planned(of).map(({id}) => id)).toEqual([]);
  });

  it('back to none: timer, files, pulled secrets and the line go', () => {
    const of = input(own);
    setUp(of);
    of.standby.files[layout.pulledSecrets] = {
      kind: 'directory',
      mode: 0o700,
      owner: layout.user,
      group: layout.user,
      size: 1,
    };
    of.pair.secretsSync = null;
    const changes = planned(of);
    expect(ours(changes)).toEqual(['primary:secrets-line:openclaw', 'standby:secrets-off']);
    const text = changes.find(({id}) => id === 'standby:secrets-off');
    const script = text?.kind === 'script' ? text.script.text : '';
    expect(script).toContain(`systemctl disable -q --now ${units.secretsPullTimer}`);
    for (const path of [
      layout.pulledSecrets,
      layout.secretsPullKey,
      layout.gatewayEnv,
      layout.secretsKnownHosts,
      appliedStamp(units.secretsPullTimer),
    ])
      expect(script).toContain(path);
    for (const change of changes) applyToFacts(change, of);
    expect(planned(of).map(({id}) => id)).toEqual([]);
  });

  it('where nothing was pulled, a gateway.env of the operator is no reason to do anything', () => {
    const of = input(null);
    setUp(of);
    const own = {mode: 0o600, owner: layout.user, group: layout.user, size: 9};
    for (const kind of ['file', 'other'] as const) {
      of.standby.files[layout.gatewayEnv] = {kind, ...own};
      expect(ours(planned(of))).toEqual([]);
    }
  });

  it('a standby behind a translation of addresses is let in from the one that the source sees', () => {
    const of = input(third);
    of.standby.addresses = of.standby.addresses.map((one) =>
      one.address === '203.0.113.12' ? {...one, address: '10.0.0.7'} : one,
    );
    const {standby} = of.reached!;
    of.reached = {...of.reached!, standby: {...standby, addresses: ['198.51.100.9']}};
    const line = lineOf(of, {sync: third, source: parseSource(third.host)!, publicKey: pullKey});
    const from = /from="([^"]*)"/.exec(line)?.[1] ?? '';
    expect(from.split(',')).toEqual(expect.arrayContaining(['198.51.100.9', '10.0.0.7']));
  });

  it('the manifest names what is of it', () => {
    const of = input(own);
    setUp(of);
    const manifest = JSON.parse(of.standby.files[layout.manifest]!.content!) as Manifest;
    const paths = manifest.files.map(({path}) => path);
    expect(paths).toEqual(
      expect.arrayContaining([layout.secretsPullKey, layout.secretsKnownHosts, `${layout.lib}/secrets-pull`]),
    );
    expect(manifest.units).toEqual(expect.arrayContaining([units.secretsPull, units.secretsPullTimer]));
  });

  it('is read: the key as a hash, and the user of the primary', () => {
    const {pair} = input({...own, host: 'keeper@100.64.0.11'});
    expect(requestFor('standby', pair, 'k').files).toContainEqual({
      path: layout.secretsPullKey,
      secret: true,
    });
    const primary = requestFor('primary', pair, 'k');
    expect(primary.users).toContain('keeper');
  });
});

describe('where the source is', () => {
  it.each([
    ['100.64.0.11', 'primary'],
    ['203.0.113.11', 'primary'],
    ['203.0.113.10', 'primary'],
    ['100.64.0.12', 'standby'],
    ['203.0.113.12', 'standby'],
    ['100.64.0.30', 'elsewhere'],
  ])('%s: %s', (address, place) => expect(placeOf({address}, input(null))).toBe(place));

  it('not on the standby itself', () =>
    expect(secretsFindings(input({...third, host: 'a@100.64.0.12'}))).toMatchObject([{level: 'blocks'}]));
  it('not of a user that the primary does not have', () => {
    const of = input({...own, host: 'nobody-here@100.64.0.11'});
    of.primary.users['nobody-here'] = null;
    expect(secretsFindings(of)).toMatchObject([{level: 'blocks', host: 'primary'}]);
  });
});

describe('what the last pull said', () => {
  const findings = (content: string) => {
    const of = input(third);
    of.standby.files[secretsReport] = {
      kind: 'file',
      mode: 0o644,
      owner: 'openclaw',
      group: 'openclaw',
      size: 1,
      content,
    };
    return secretsFindings(of);
  };
  it('is a warning while it brought nothing', () =>
    expect(
      findings('{"at":"2026-11-20T14:00:00.000Z","result":"refused","detail":"a.env is empty"}'),
    ).toMatchObject([
      {
        level: 'warning',
        sentence:
          'The last pull of secrets from keeper@100.64.0.30 brought nothing: refused, a.env is empty.',
      },
    ]));
  it.each([
    '{"result":"pulled","detail":"a.env"}',
    '{"result":"unchanged","detail":"a.env"}',
    'not JSON',
    'null',
  ])('%s is none', (text) => expect(findings(text)).toEqual([]));
  it('is not trusted beyond its form', () => {
    expect(reportOf('{"result":"re fused","detail":"x"}')).toBeUndefined();
    expect(reportOf('{"result":"refused","detail":"\\u001b[31m\\u202ex;y"}')).toEqual({
      result: 'refused',
      detail: '  31m x y',
    });
  });
});
