import {describe, expect, it} from 'vitest';
import {translate, Unmapper} from '../../../src/demo/host/translate.js';

const places = {root: '/tmp/r/one', scripts: '/tmp/r/one.scripts', homeOf: (user: string) => `/home/${user}`};
const read = (text: string) => translate(text, places, false);
const run = (text: string) => translate(text, places, true);

describe('the text of a command', () => {
  it.each([
    ['cat /etc/passwd', 'cat /tmp/r/one/etc/passwd'],
    ['x="/run/a b"; y=/var/lib', 'x="/tmp/r/one/run/a b"; y=/tmp/r/one/var/lib'],
    [
      "[ -d '/opt' ] && ls /home/openclaw/.ssh",
      "[ -d '/tmp/r/one/opt' ] && ls /tmp/r/one/home/openclaw/.ssh",
    ],
    ['sed s#/run/#x#', 'sed s#/tmp/r/one/run/#x#'],
    ['exec /bin/sh -c true', 'exec /tmp/r/one/bin/sh -c true'],
    ['HOME=~openclaw USER=openclaw', 'HOME=/tmp/r/one/home/openclaw USER=openclaw'],
    [
      'PATH=/usr/local/bin:/usr/bin:/bin; x',
      'PATH=/tmp/r/one.scripts/usr/local/bin:/tmp/r/one/usr/bin:/tmp/r/one/bin; x',
    ],
    ['for f in /proc/[0-9]*/comm; do', 'for f in /tmp/r/one/proc/[0-9]*/comm; do'],
    [
      'read -r l </proc/mounts; cat /proc/net/tcp',
      'read -r l </tmp/r/one/proc/mounts; cat /tmp/r/one/proc/net/tcp',
    ],
    ['cat "/proc/$1/cgroup" "/proc/$GP/exe"', 'cat "/tmp/r/one/proc/$1/cgroup" "/tmp/r/one/proc/$GP/exe"'],
  ])('%s', (text, made) => expect(read(text)).toBe(made));

  it.each([
    'echo "$d/etc" "${x}/run" a/etc ./etc ~/etc */etc ../var',
    'curl http://198.51.100.2:8080/dist https://example.org/etc/x',
    'cat /proc/uptime /proc/self/fd/5 "/proc/$$/stat" /dev/null /dev/urandom',
    'echo /etcetera /runner /optional',
    // Content: what another host's sshd reads.
    'printf %s \'command="/usr/local/lib/openclaw-failover/report" ssh-ed25519 AAAA\'',
    'cat /tmp/r/one/etc/passwd /tmp/r/one.scripts/usr/local/bin/x',
  ])('is left alone: %s', (text) => expect(read(text)).toBe(text));

  it('names a script of the host to read it, or to run its copy', () => {
    const text = 'x=/usr/local/lib/openclaw-failover/handback y=/usr/local/lib/openclaw-failover/monitor.mjs';
    expect(read(text)).toBe(
      'x=/tmp/r/one/usr/local/lib/openclaw-failover/handback y=/tmp/r/one/usr/local/lib/openclaw-failover/monitor.mjs',
    );
    expect(run(text)).toBe(
      'x=/tmp/r/one.scripts/usr/local/lib/openclaw-failover/handback y=/tmp/r/one/usr/local/lib/openclaw-failover/monitor.mjs',
    );
  });

  it('is the same when it is translated twice', () => {
    for (const text of ['cat /etc/passwd', 'PATH=/usr/local/bin:/bin x', 'x=/usr/local/bin/y /proc/net/tcp'])
      for (const how of [read, run]) expect(how(how(text))).toBe(how(text));
  });
});

describe('what a host tells', () => {
  it.each([1, 3, 7, 1000])('never names the folder, in pieces of %i bytes', (size) => {
    const unmap = new Unmapper([places.scripts, places.root]);
    const text = 'at /tmp/r/one/etc, ran /tmp/r/one.scripts/usr/x; /tmp/r/on is none; ü /tmp/r/one';
    const bytes = Buffer.from(text);
    let told = '';
    for (let at = 0; at < bytes.length; at += size)
      told += unmap.push(bytes.subarray(at, at + size)).toString('latin1');
    told += unmap.end().toString('latin1');
    expect(Buffer.from(told, 'latin1').toString()).toBe('at /etc, ran /usr/x; /tmp/r/on is none; ü ');
  });
});
