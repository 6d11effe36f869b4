import {existsSync} from 'node:fs';
import {afterEach, beforeEach, describe, expect, it, test} from 'vitest';
import {addresses} from '../../../src/demo/net/table.js';
import {passwdOf} from '../../../src/facts/parse/contents.js';
import {listenersOf, packagesOf} from '../../../src/facts/parse/machine.js';
import {firewallOf} from '../../../src/facts/parse/security.js';
import {FolderHost} from './folder-host.js';

let host: FolderHost;
beforeEach(() => {
  host = new FolderHost();
});
afterEach(() => host.remove());

const ok = (text: string, user?: string) => {
  const {code, out, err} = host.sh(text, user);
  expect({code, err}, text).toEqual({code: 0, err: ''});
  return out;
};
/** What was printed, as the facts’ parsers get it. */
const sections = (name: string, text: string) => new Map([[name, {text, code: 0, stderr: ''}]]);

describe('users', () => {
  it('are made, known by name and number, and taken away with their homes', () => {
    ok('useradd --create-home --user-group --home-dir "$R"/home/alice --shell /bin/bash alice');
    ok(
      'useradd --system --no-create-home --password \'*\' --home-dir "$R"/var/lib/x --shell /usr/sbin/nologin mon',
    );
    const users = passwdOf(sections('passwd', host.read('/etc/passwd')));
    expect(users.get('alice')).toEqual({
      uid: 1000,
      gid: 1000,
      home: `${host.root}/home/alice`,
      shell: '/bin/bash',
    });
    expect(users.get('mon')).toMatchObject({uid: 990, gid: 990, shell: '/usr/sbin/nologin'});
    expect(existsSync(`${host.root}/home/alice`)).toBe(true);
    expect(existsSync(`${host.root}/var/lib/x`)).toBe(false);
    expect(ok('id -u alice; id -g mon; id -un alice; id alice')).toBe(
      '1000\n990\nalice\nuid=1000(alice) gid=1000(alice) groups=1000(alice)',
    );
    expect(ok('getent passwd mon | cut -d: -f1; getent passwd 1000 | cut -d: -f1')).toBe('mon\nalice');
    expect(ok('stat -c %U:%G "$R"/home/alice')).toBe('alice:alice');
    ok('userdel --remove alice');
    expect(existsSync(`${host.root}/home/alice`)).toBe(false);
    expect(host.sh('id alice')).toMatchObject({code: 1, err: 'id: ‘alice’: no such user'});
    expect(host.read('/etc/group')).not.toContain('alice');
  });

  it('get numbers of their own', () => {
    ok('useradd a; useradd b; useradd --system c; useradd --system d');
    expect(ok('id -u a; id -u b; id -u c; id -u d')).toBe('1000\n1001\n990\n989');
  });

  it('are refused twice, and so is one that is not there', () => {
    ok('useradd a');
    expect(host.sh('useradd a')).toMatchObject({code: 9, err: "useradd: user 'a' already exists"});
    expect(host.sh('userdel b').code).toBe(6);
    expect(host.sh('runuser -u b -- true').code).toBe(1);
    expect(host.sh('getent passwd b').code).toBe(2);
  });

  it('are whoever is asked', () => {
    ok('useradd alice');
    expect(ok('id -u; id -un; whoami')).toBe('0\nroot\nroot');
    expect(ok('id -u; id -un; whoami', 'alice')).toBe('1000\nalice\nalice');
    expect(ok('runuser -u alice -- sh -c \'id -un; echo "$USER $LOGNAME"\'')).toBe('alice\nalice alice');
    expect(ok('setpriv --reuid alice --regid alice --init-groups -- id -un')).toBe('alice');
    expect(host.sh('runuser -u alice -- sh -c "exit 7"').code).toBe(7);
  });

  it('are root when USER is empty', () => {
    expect(ok('USER= id -un')).toBe('root');
  });
});

describe('owners', () => {
  beforeEach(() => ok('useradd alice; useradd bob; : >f'));

  it('are notes that stay with a file through renames, and end with it', () => {
    expect(ok('stat -c %U:%G f')).toBe('root:root');
    ok('chown alice:bob f; mv f g');
    expect(ok("stat -c '%U %G %a %s' g")).toMatch(/^alice bob 6\d\d 0$/);
    ok('mkdir d; mv g d/h; ln d/h second');
    expect(ok('stat -c %U second')).toBe('alice');
    ok('rm d/h second');
    expect(ok(': >f; stat -c %U:%G f')).toBe('root:root');
  });

  it('may change by half', () => {
    ok('chown alice f');
    expect(ok('stat -c %U:%G f')).toBe('alice:alice');
    ok('chown :bob f');
    expect(ok('stat -c %U:%G f')).toBe('alice:bob');
    ok('chgrp root f');
    expect(ok('stat -c %U:%G f')).toBe('alice:root');
  });

  it('of all that is in a folder, with -R', () => {
    ok("mkdir -p d/e; : >'d/e/with blanks'; chown -R alice:alice d");
    expect(ok("stat -c %U d d/e 'd/e/with blanks'")).toBe('alice\nalice\nalice');
    expect(ok('stat -c %U f')).toBe('root');
  });

  it('are refused when nobody of that name is there, or no file', () => {
    expect(host.sh('chown carol f')).toMatchObject({code: 1, err: 'chown: invalid user: ‘carol’'});
    expect(host.sh('chown alice:carol f').code).toBe(1);
    expect(host.sh('chown alice nothing').code).toBe(1);
    expect(ok('stat -c %U f')).toBe('root');
  });

  it('leave everything else to the real stat', () => {
    expect(ok("stat -c '%s %h' f")).toBe('0 1');
    expect(host.sh('stat -c %U nothing').code).not.toBe(0);
    expect(host.sh('stat -c %s nothing').code).not.toBe(0);
  });

  it('are by default whose home it is', () => {
    ok('mkdir -p home/alice; : >home/alice/x');
    expect(ok('stat -c %U:%G -- "$R"/home/alice/x')).toBe('alice:alice');
  });
});

describe('ufw', () => {
  const install = () => ok('apt-get -y install ufw >/dev/null');
  const firewall = () => {
    const text = ok(
      'echo present; grep -s "^ENABLED=" etc/ufw/ufw.conf; grep -s "^DEFAULT_INPUT_POLICY=" etc/default/ufw; grep -h "^### tuple ###" etc/ufw/user.rules etc/ufw/user6.rules || :',
    );
    return firewallOf(sections('firewall', text));
  };

  it('is not there before it is installed', () => {
    expect(host.sh('command -v ufw').code).not.toBe(0);
    install();
    expect(ok('command -v ufw')).toBe(`${host.root}/usr/bin/ufw`);
    expect(firewall()).toEqual({
      known: true,
      value: {installed: true, enabled: false, closed: false, rules: []},
    });
  });

  it('has what setup tells it, as the facts read it', () => {
    install();
    ok("ufw allow 22/tcp comment 'SSH (failover-wizard)' >/dev/null");
    ok("ufw allow 22/tcp comment 'SSH (failover-wizard)' >/dev/null");
    ok('ufw allow from 100.64.0.12 to any port 18789 proto tcp comment health >/dev/null');
    ok(
      'ufw default deny incoming >/dev/null; ufw default allow outgoing >/dev/null; ufw --force enable >/dev/null',
    );
    expect(firewall()).toEqual({
      known: true,
      value: {
        installed: true,
        enabled: true,
        closed: true,
        rules: ['allow 22/tcp', 'allow from 100.64.0.12 to any port 18789 proto tcp'],
      },
    });
    expect(ok('ufw status numbered')).toContain('Status: active');
    ok('ufw --force disable >/dev/null');
    expect(firewall()).toMatchObject({value: {enabled: false, closed: true}});
  });
});

test('packages are those that were installed', () => {
  expect(host.sh("dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Version}\\n' git").code).toBe(1);
  expect(ok('apt-get -y -o Dpkg::Options::=--force-confold install git curl | tail -n 1')).toBe(
    'Setting up curl (rehearsal) ...',
  );
  ok('apt-get -y install git >/dev/null');
  const {code, out} = host.sh("dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Version}\\n' git curl ufw");
  expect(code).toBe(1);
  expect(out.split('\n')).toHaveLength(2);
  const known = packagesOf(sections('packages', out), ['git', 'curl', 'ufw']);
  expect(known).toEqual({git: '1.0-rehearsal', curl: '1.0-rehearsal', ufw: null});
  expect(host.sh("dpkg-query -W -f '${Package}\n' git curl").code).toBe(0);
});

test('apt-get that is to install nothing does nothing', () => {
  const before = host.read('/var/lib/dpkg/rehearsal');
  ok('apt-get clean; apt-get update >/dev/null; apt-get -y remove git');
  expect(host.read('/var/lib/dpkg/rehearsal')).toBe(before);
});

test('fail2ban is started by its package, and answers', () => {
  ok('apt-get -y install fail2ban >/dev/null');
  expect(host.read('/asked').split('\n')).toContain('systemctl start fail2ban.service');
  expect(ok('fail2ban-client status')).toContain('Jail list:\tsshd');
  expect(host.sh('fail2ban-client status nosuch').code).toBe(255);
});

test('ss tells who listens, as the facts and the port’s script read it', () => {
  host.file('/proc/net/.listening/12.18789.100.64.0.11', '100.64.0.11 18789 12 openclaw-gateway\n');
  host.file('/proc/net/.listening/1.22.203.0.113.10', '203.0.113.10 22 1 sshd\n');
  expect(listenersOf(sections('listeners', ok('ss -lntupH')))).toMatchObject({
    known: true,
    value: [
      {port: 22, address: '203.0.113.10', pid: 1},
      {port: 18_789, address: '100.64.0.11', pid: 12},
    ],
  });
  expect(ok('ss -Hltn "sport = :18789" | grep -c .')).toBe('1');
  expect(host.sh('ss -Hltn "sport = :8789" | grep -q .').code).toBe(1);
  expect(
    ok(
      `ss -Hltnp "sport = :18789" | sed -n 's/.*users:(("\\([^"]*\\)",pid=\\([0-9]*\\).*/\\1 (pid \\2)/p' | head -n 1`,
    ),
  ).toBe('openclaw-gatewa (pid 12)');
});

test('the host has a name of its own', () => {
  expect(ok('hostname; uname -n')).toBe('claw-main\nclaw-main');
  ok('hostnamectl set-hostname other');
  expect(ok('hostname; uname -n')).toBe('other\nother');
  expect(ok('uname -s')).toBe('Linux');
});

test('ip tells its addresses', () => {
  const text = ok('ip -o addr');
  for (const address of ['127.0.0.1/8', `${addresses.primary.public}/24`, `${addresses.primary.private}/24`])
    expect(text).toContain(`inet ${address} `);
  expect(host.sh('ip link set eth0 down').code).toBe(2);
});

test('nft cuts the private network and mends it, and can nothing else', () => {
  const cut = `${host.about.network}/cut`;
  expect(host.sh('nft list table inet x').code).toBe(1);
  ok('echo rule | nft -f -');
  expect(existsSync(cut)).toBe(true);
  ok('nft list table inet x');
  ok('nft delete table inet x');
  expect(existsSync(cut)).toBe(false);
  expect(host.sh('nft delete table inet x').code).not.toBe(0);
  expect(host.sh('nft flush ruleset').code).toBe(1);
});

test('ssh-keygen looks for known hosts in the home of the host, not of whoever runs this', () => {
  ok(
    'ssh-keygen -q -t ed25519 -N "" -f key; mkdir -p root/.ssh; echo "198.51.100.2 $(cut -d" " -f1,2 key.pub)" >root/.ssh/known_hosts',
  );
  expect(ok('ssh-keygen -F 198.51.100.2')).toContain('198.51.100.2 ssh-ed25519');
  expect(host.sh('ssh-keygen -F 198.51.100.3').code).not.toBe(0);
});
