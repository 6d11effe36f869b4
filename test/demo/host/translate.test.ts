import {describe, expect, it, test} from 'vitest';
import {searchPath, translate, Unmapper} from '../../../src/demo/host/translate.js';

const root = '/tmp/r/primary';
const scripts = '/tmp/r/primary.scripts';
const homeOf = (user: string) => (user === 'root' ? '/root' : `/home/${user}`);
const read = (text: string) => translate(text, {root, scripts, homeOf}, false);
const run = (text: string) => translate(text, {root, scripts, homeOf}, true);

describe('a path of the host becomes one in its folder', () => {
  test.each([
    ['cat /etc/passwd', `cat ${root}/etc/passwd`],
    ['[ -e /run/lock ]', `[ -e ${root}/run/lock ]`],
    ['ls /etc', `ls ${root}/etc`],
    ["cat '/var/lib/x'", `cat '${root}/var/lib/x'`],
    ['cat "/var/lib/x"', `cat "${root}/var/lib/x"`],
    ['x=/opt/openclaw-failover', `x=${root}/opt/openclaw-failover`],
    ['cat </etc/hostname >/tmp/x', `cat <${root}/etc/hostname >${root}/tmp/x`],
    ['cat </etc/a;cat </etc/b', `cat <${root}/etc/a;cat <${root}/etc/b`],
    ['a=$(cat /etc/x)', `a=$(cat ${root}/etc/x)`],
    ['$(</etc/x)', `$(<${root}/etc/x)`],
    ['--prefix=/opt/x', `--prefix=${root}/opt/x`],
    ['/usr/bin/node /srv/x', `${root}/usr/bin/node ${root}/srv/x`],
    ['find /home /root -name x', `find ${root}/home ${root}/root -name x`],
    ['A=/etc/x:/etc/y', `A=${root}/etc/x:${root}/etc/y`],
  ])('%s', (text, real) => expect(read(text)).toBe(real));
});

describe('what is not a path of the host stays', () => {
  test.each([
    'http://198.51.100.2:8080/dist/index.json',
    'https://host/etc/x',
    'ssh://git@198.51.100.2/workspace.git',
    'ssh://git@example.org/home/x.git',
    'cat $d/etc/x',
    'cat ${d}/etc/x',
    'cat $(pwd)/etc/x',
    'cat x/etc/y',
    'cat ./etc/y ../etc/y',
    'cat ~/etc/y',
    'cat */etc/y',
    'ls /etcetera /running /optional /etc.d /usr-x',
    'ls /dev/null /dev/shm',
    'sed s/etc/run/',
    'echo //etc',
    'command="/usr/local/lib/openclaw-failover/report",restrict ssh-ed25519 AAAA x',
  ])('%s', (text) => expect(read(text)).toBe(text));
});

test('a path behind a quoted variable is below what the variable says', () => {
  for (const text of ['cat "${d}"/etc/x', 'cat "$d"/etc/x', 'cat "$d/etc/x"']) expect(read(text)).toBe(text);
  expect(read('cat "$d" "/etc/x"')).toBe(`cat "$d" "${root}/etc/x"`);
});

test('nothing is translated twice', () => {
  const once = `cat ${root}/etc/x ${scripts}/usr/local/bin/y`;
  expect(read(once)).toBe(once);
  for (const text of [
    'PATH=/usr/local/bin:/usr/bin cat /etc/x /proc/net/tcp /proc/$p/cgroup',
    'HOME=~openclaw; cat /proc/mounts /proc/1/comm',
    '/usr/local/lib/openclaw-failover/role',
  ]) {
    expect(run(run(text))).toBe(run(text));
    expect(read(run(text))).toBe(run(text));
  }
});

describe('PATH', () => {
  it('has the host’s folders, and the copies of its own scripts', () => {
    expect(read('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH')).toBe(
      `PATH=${root}/usr/local/sbin:${scripts}/usr/local/bin:${root}/usr/sbin:${root}/usr/bin:${root}/sbin:${root}/bin; export PATH`,
    );
    expect(read('PATH=/opt/x/bin:$PATH cmd')).toBe(`PATH=${root}/opt/x/bin:$PATH cmd`);
  });

  it('names no folder twice, and leaves those that are in the sandbox', () => {
    expect(searchPath('/usr/bin:/usr/bin:/bin', root, scripts)).toBe(`${root}/usr/bin:${root}/bin`);
    expect(searchPath(`${root}/usr/bin:x`, root, scripts)).toBe(`${root}/usr/bin:x`);
  });

  it('is not MYPATH', () => {
    expect(read('MYPATH=/usr/local/bin')).toBe(`MYPATH=${root}/usr/local/bin`);
  });
});

test('HOME=~user is the user’s home on the host, not on this machine', () => {
  expect(read('HOME=~root USER=root')).toBe(`HOME=${root}/root USER=root`);
  expect(read('HOME=~openclaw-monitor; export HOME')).toBe(`HOME=${root}/home/openclaw-monitor; export HOME`);
});

describe('/proc', () => {
  test.each([
    ['cat /proc/1/comm', `cat ${root}/proc/1/comm`],
    ['done </proc/mounts', `done <${root}/proc/mounts`],
    ['cat /proc/net/tcp /proc/net/tcp6', `cat ${root}/proc/net/tcp ${root}/proc/net/tcp6`],
    ['cat /proc/self/net/tcp', `cat ${root}/proc/net/tcp`],
    ['cat /proc/sys/kernel/random/boot_id', `cat ${root}/proc/sys/kernel/random/boot_id`],
    // Whoever ends all processes of a user must find none of this machine.
    ['for p in /proc/[0-9]*; do', `for p in ${root}/proc/[0-9]*; do`],
    ['for p in /proc/[0-9]*/; do', `for p in ${root}/proc/[0-9]*/; do`],
    ['pid=${p#/proc/}', `pid=\${p#${root}/proc/}`],
    ['cat /proc/$GP/environ', `cat ${root}/proc/$GP/environ`],
    ['cat /proc/$pid/cgroup', `cat ${root}/proc/$pid/cgroup`],
    ['cat /proc/${pid}/cgroup', `cat ${root}/proc/\${pid}/cgroup`],
    ['cat /proc/$(cat x)/cgroup', `cat ${root}/proc/$(cat x)/cgroup`],
  ])('%s is of the host', (text, real) => expect(read(text)).toBe(real));

  test.each([
    'cat /proc/meminfo',
    'cat /proc/loadavg',
    'cat /proc/uptime',
    'cat /proc/self/stat',
    'cat /proc/$$/stat',
    'cat /proc/$pid/environ',
    'cat /proc/10/comm',
    'cat /proc/1/commx',
    'done </proc/locks',
  ])('%s is of this machine', (text) => expect(read(text)).toBe(text));
});

describe('scripts of the host', () => {
  it('run as their translated copies, and are read and written themselves', () => {
    const text = '/usr/local/lib/openclaw-failover/role; exec /usr/local/bin/openclaw x';
    expect(run(text)).toBe(
      `${scripts}/usr/local/lib/openclaw-failover/role; exec ${scripts}/usr/local/bin/openclaw x`,
    );
    expect(read(text)).toBe(
      `${root}/usr/local/lib/openclaw-failover/role; exec ${root}/usr/local/bin/openclaw x`,
    );
  });

  it('are not what Node runs, whose files are mapped by its preload', () => {
    expect(run('node /usr/local/lib/openclaw-failover/monitor.mjs run')).toBe(
      `node ${root}/usr/local/lib/openclaw-failover/monitor.mjs run`,
    );
  });
});

describe('what is told', () => {
  const told = (roots: readonly string[], ...chunks: string[]) => {
    const unmapper = new Unmapper(roots);
    const pieces = chunks.map((chunk) => unmapper.push(Buffer.from(chunk)));
    return Buffer.concat([...pieces, unmapper.end()]).toString();
  };
  const roots = [scripts, root];

  it('has the host’s own paths', () => {
    expect(told(roots, `cat: ${root}/etc/x: No such file\n${scripts}/usr/local/bin/y: 1\n`)).toBe(
      'cat: /etc/x: No such file\n/usr/local/bin/y: 1\n',
    );
  });

  it('has them wherever a chunk ends', () => {
    const text = `a ${root}/etc/x b ${scripts}/usr/y /tmp/r/primarx ${root} /tmp`;
    const whole = told(roots, text);
    expect(whole).toBe('a /etc/x b /usr/y /tmp/r/primarx  /tmp');
    for (let at = 0; at <= text.length; at += 1)
      expect(told(roots, text.slice(0, at), text.slice(at)), `cut at ${at}`).toBe(whole);
    expect(told(roots, ...text)).toBe(whole);
  });

  it('keeps every byte of what is no text', () => {
    const bytes = Buffer.from(Array.from({length: 512}, (_, index) => index % 256));
    const unmapper = new Unmapper(roots);
    const out = [unmapper.push(bytes.subarray(0, 200)), unmapper.push(bytes.subarray(200)), unmapper.end()];
    expect(Buffer.concat(out).equals(bytes)).toBe(true);
  });

  it('holds nothing back that cannot be the beginning of a root', () => {
    const unmapper = new Unmapper(roots);
    expect(unmapper.push(Buffer.from('a line\n')).toString()).toBe('a line\n');
    expect(unmapper.push(Buffer.from('one /tmp/r/pri')).toString()).toBe('one ');
    expect(unmapper.end().toString()).toBe('/tmp/r/pri');
  });
});
