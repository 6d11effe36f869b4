import {execFileSync} from 'node:child_process';
import {chmodSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {expandPath, parseSshG, readOperatorConfig} from '../../src/ssh/operator-config.js';
import {parseTarget} from '../../src/ssh/target.js';
import {temporaryFolder} from './connecting.js';

function hasSsh(): boolean {
  try {
    execFileSync('ssh', ['-V'], {stdio: 'ignore'});
    return true;
  } catch {
    return false;
  }
}

describe("the operator's OpenSSH configuration", () => {
  it.runIf(hasSsh())('is what ssh -G says', async () => {
    const folder = temporaryFolder();
    const configFile = join(folder, 'config');
    writeFileSync(
      configFile,
      [
        'Host claw',
        '  HostName 203.0.113.10',
        '  User ops',
        '  Port 2222',
        '  IdentityFile ~/.ssh/claw',
        '  IdentityFile ~/.ssh/other',
        '  IdentitiesOnly yes',
        '  IdentityAgent ~/agent.sock',
        '  ProxyJump jump@bastion:2200,inner',
        `  UserKnownHostsFile ${folder}/a ${folder}/b`,
        '  HostKeyAlias claw-key',
      ].join('\n'),
    );
    expect(await readOperatorConfig(parseTarget('claw'), {configFile})).toMatchObject({
      host: '203.0.113.10',
      user: 'ops',
      port: 2222,
      identityFiles: [join(homedir(), '.ssh/claw'), join(homedir(), '.ssh/other')],
      identitiesOnly: true,
      agent: join(homedir(), 'agent.sock'),
      proxyJump: ['jump@bastion:2200', 'inner'],
      proxyCommand: undefined,
      hostKeyAlias: 'claw-key',
    });
    expect((await readOperatorConfig(parseTarget('claw'), {configFile})).knownHostsFiles).toContain(
      `${folder}/a`,
    );
    // What the target itself says outranks the file.
    expect(await readOperatorConfig(parseTarget('root@claw:22'), {configFile})).toMatchObject({
      user: 'root',
      port: 22,
    });
  });

  it('falls back to plain defaults without an ssh program', async () => {
    const config = await readOperatorConfig(parseTarget('root@claw:2200'), {
      ssh: '/nowhere/ssh',
      env: {SSH_AUTH_SOCK: '/run/agent'},
    });
    expect(config).toMatchObject({
      host: 'claw',
      user: 'root',
      port: 2200,
      agent: '/run/agent',
      proxyJump: [],
    });
    expect(config.identityFiles).toContain(join(homedir(), '.ssh/id_ed25519'));
  });

  it.each([
    ['hangs', 'exec sleep 60'],
    ['fails', 'echo "hostname wrong"; exit 255'],
  ])('falls back to plain defaults when ssh %s', async (_, body) => {
    const ssh = join(temporaryFolder(), 'ssh');
    writeFileSync(ssh, `#!/bin/sh\n${body}\n`);
    chmodSync(ssh, 0o755);
    const began = performance.now();
    expect(await readOperatorConfig(parseTarget('root@claw'), {ssh, timeoutMs: 300})).toMatchObject({
      host: 'claw',
    });
    expect(performance.now() - began).toBeLessThan(3_000);
  });

  it('hands the name to ssh where it cannot be an option', async () => {
    const ssh = join(temporaryFolder(), 'ssh');
    writeFileSync(ssh, '#!/bin/sh\nfor last; do :; done\necho "hostname [$*]"\n');
    chmodSync(ssh, 0o755);
    const config = await readOperatorConfig({text: 'x', host: '-oProxyCommand=x'}, {ssh});
    expect(config.host).toBe('[-G -- -oProxyCommand=x]');
  });

  it.each([
    ['SSH_AUTH_SOCK', '/run/agent'],
    ['none', undefined],
    ['$MY_AGENT', '/run/mine'],
    ['/run/fixed', '/run/fixed'],
    ['~/agent', join(homedir(), 'agent')],
  ])('understands IdentityAgent %s', (setting, expected) => {
    const env = {SSH_AUTH_SOCK: '/run/agent', MY_AGENT: '/run/mine'};
    expect(parseSshG(`hostname h\nidentityagent ${setting}\n`, parseTarget('h'), env).agent).toBe(expected);
  });

  it('knows a ProxyCommand from none', () => {
    expect(parseSshG('proxycommand none\n', parseTarget('h')).proxyCommand).toBeUndefined();
    expect(parseSshG('proxycommand nc %h %p\n', parseTarget('h')).proxyCommand).toBe('nc %h %p');
  });

  it('expands paths as OpenSSH does', () => {
    expect(expandPath('~/x')).toBe(join(homedir(), 'x'));
    expect(expandPath('%d/x')).toBe(`${homedir()}/x`);
    expect(expandPath('${DIR}/x', {DIR: '/d'})).toBe('/d/x');
    expect(expandPath('/a%%b')).toBe('/a%b');
  });
});
