import {describe, expect, it} from 'vitest';
import {Abort} from '../../src/errors.js';
import {sourceKey} from '../../src/plan/kinds/source-key.js';
import type {ApplyContext} from '../../src/plan/kind.js';
import {keysIn} from '../../src/plan/source-key.js';
import type {RemoteFile} from '../../src/ssh/host.js';

const ed = 'AAAAC3NzaC1lZDI1NTE5AAAAIKsfHUEXZCNwAWJSQqIk5PyWJv7BaVzbt1ZZYZDPbWlD';
const wire = (...parts: (string | Buffer)[]) =>
  Buffer.concat(
    parts.flatMap((part) => {
      const bytes = Buffer.from(part);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(bytes.length);
      return [length, bytes];
    }),
  ).toString('base64');
const rsa = wire('ssh-rsa', Buffer.from([1, 0, 1]), Buffer.alloc(32, 7));

describe('what ssh-keyscan prints', () => {
  const text = [
    '# 100.64.0.30:22 SSH-2.0-OpenSSH_9.2p1',
    `100.64.0.30 ssh-rsa ${rsa}`,
    `100.64.0.30 ssh-ed25519 ${ed}`,
    `100.64.0.31 ssh-ed25519 ${ed}`,
    `100.64.0.30 ssh-ed25519 ${rsa}`,
    `100.64.0.30 ssh-ed25519 ${ed} and more`,
    '100.64.0.30 ssh-ed25519 $(id)',
    '',
  ].join('\n');
  it('are the keys of this server, the preferred first; nothing else counts', () =>
    expect(keysIn(text, '100.64.0.30')).toEqual([
      {
        key: `ssh-ed25519 ${ed}`,
        type: 'ssh-ed25519',
        fingerprint: expect.stringMatching(/^SHA256:[A-Za-z0-9+/]{43}$/),
      },
      {key: `ssh-rsa ${rsa}`, type: 'ssh-rsa', fingerprint: expect.stringMatching(/^SHA256:/)},
    ]));
});

describe('pinning the key of a source', () => {
  const [seen] = keysIn(`[100.64.0.30]:2222 ssh-ed25519 ${ed}\n`, '[100.64.0.30]:2222');
  const pin = async (given: string | undefined, stdout: string) => {
    const written: RemoteFile[] = [];
    const asked: string[][] = [];
    const host = {
      name: 'standby',
      run: async (argv: string[]) => {
        asked.push(argv);
        return {code: 0, timedOut: false, stdout, stderr: '', tookMs: 1};
      },
      write: async (file: RemoteFile) => void written.push(file),
    };
    const change = {
      kind: 'source-key' as const,
      id: 'x',
      host: 'standby' as const,
      title: 'x',
      header: '# ours\n',
      source: {user: 'keeper', address: '100.64.0.30', port: 2222},
      ...(given !== undefined && {pin: given}),
    };
    await sourceKey(change, {host} as unknown as ApplyContext);
    return {written, asked};
  };
  const shows = `[100.64.0.30]:2222 ssh-rsa ${rsa}\n[100.64.0.30]:2222 ssh-ed25519 ${ed}\n`;

  it('writes the one key that was named, and no other', async () => {
    const {written, asked} = await pin(`${seen?.fingerprint}=`, shows);
    expect(written).toMatchObject([
      {content: `# ours\n[100.64.0.30]:2222 ssh-ed25519 ${ed}\n`, owner: 'root', mode: 0o644},
    ]);
    expect(asked[0]).toEqual(expect.arrayContaining(['ssh-keyscan', '-p', '2222', '100.64.0.30']));
  });
  it.each([
    ['another', `SHA256:${'A'.repeat(43)}`],
    ['none', undefined],
  ])('refuses when %s was named, showing what was seen', async (_name, given) => {
    const refused = pin(given, shows);
    await expect(refused).rejects.toThrow(Abort);
    await expect(refused).rejects.toMatchObject({
      exit: 4,
      detail: expect.stringContaining(seen!.fingerprint),
    });
  });
  it('says so when nothing answers there', () =>
    expect(pin(seen?.fingerprint, '')).rejects.toThrow(
      'The standby sees no SSH server at 100.64.0.30, port 2222.',
    ));
});
