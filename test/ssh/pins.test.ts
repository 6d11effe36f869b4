import {chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {pinStore} from '../../src/ssh/pins.js';
import {temporaryFolder} from './connecting.js';
import {newKey} from './server.js';

const pinned = (type: 'ed25519' | 'ecdsa' = 'ed25519'): {type: string; blob: Buffer} => {
  const {parsed} = newKey(type);
  return {type: parsed.type, blob: parsed.getPublicSSH()};
};

describe('pinned host keys', () => {
  it('are kept in known_hosts format, for the owner only', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'pairs', 'default', 'known_hosts');
    const pins = pinStore(path);
    const key = pinned();
    pins.add('[203.0.113.10]:2222', key, 'root@claw');
    expect(readFileSync(path, 'utf8')).toBe(
      `[203.0.113.10]:2222 ssh-ed25519 ${key.blob.toString('base64')} root@claw\n`,
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'pairs')).mode & 0o777).toBe(0o700);
    expect(pinStore(path).get('[203.0.113.10]:2222')).toMatchObject([key]);
    expect(pins.get('203.0.113.10')).toEqual([]);
  });

  it('give way to a new key of the same type, and only to that', () => {
    const pins = pinStore(join(temporaryFolder(), 'pins'));
    const [old, other, fresh, neighbour] = [pinned(), pinned('ecdsa'), pinned(), pinned()];
    pins.add('claw', old);
    pins.add('claw', other);
    pins.add('claw2', neighbour);
    pins.add('claw', fresh);
    expect(pins.get('claw').map((key) => key.blob)).toEqual([other.blob, fresh.blob]);
    expect(pins.get('claw2').map((key) => key.blob)).toEqual([neighbour.blob]);
  });

  it('are written only when something is new', () => {
    const path = join(temporaryFolder(), 'pins');
    const pins = pinStore(path);
    const key = pinned();
    pins.add('claw', key, 'root@claw');
    const before = statSync(path).ino;
    pins.add('claw', key, 'root@claw');
    expect(statSync(path).ino).toBe(before);
  });

  it.each(['[203.0.113.10]:2222', '203.0.113.10', 'root@claw', 'claw', 'CLAW'])(
    'are forgotten by the name %s',
    (name) => {
      const pins = pinStore(join(temporaryFolder(), 'pins'));
      pins.add('[203.0.113.10]:2222', pinned(), 'root@claw');
      pins.add('[203.0.113.10]:2222', pinned('ecdsa'), 'root@claw');
      pins.add('203.0.113.20', pinned(), 'root@standby');
      expect(pins.forget(name)).toBe(2);
      expect(pins.get('[203.0.113.10]:2222')).toEqual([]);
      expect(pins.get('203.0.113.20')).toHaveLength(1);
      expect(pins.forget(name)).toBe(0);
    },
  );

  it('are forgotten by an IPv6 address', () => {
    const pins = pinStore(join(temporaryFolder(), 'pins'));
    pins.add('2001:db8::1', pinned(), 'root@[2001:db8::1]');
    expect(pins.forget('2001:db8::1')).toBe(1);
  });

  it('leave no temporary file behind when they cannot be written', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'pins');
    mkdirSync(path);
    writeFileSync(join(path, 'in the way'), '');
    expect(() => pinStore(path).get('claw')).toThrow(expect.objectContaining({name: 'Abort'}));
    expect(() => pinStore(join(folder, 'pins', 'in the way', 'x')).add('claw', pinned())).toThrow(
      expect.objectContaining({name: 'Abort'}),
    );
    expect(readdirSync(folder)).toEqual(['pins']);
    chmodSync(path, 0o700);
  });
});
