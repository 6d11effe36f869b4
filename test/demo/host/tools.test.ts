import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {basename, join} from 'node:path';
import {afterEach, beforeEach, expect, it, test} from 'vitest';
import {findProgram, linkPrograms, missingPrograms} from '../../../src/demo/host/tools.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tools-'));
});
afterEach(() => rmSync(folder, {recursive: true, force: true}));

/** What a host may never reach: it could change this machine, become somebody else, or reach the world by itself. */
const never = `
  apt apt-get apt-cache aptitude dpkg dpkg-query snap dnf yum rpm pacman apk systemctl systemd-run
  systemd-notify journalctl loginctl service init telinit busctl ufw nft iptables ip6tables ip
  ifconfig route tc wg wg-quick tailscale sysctl fail2ban-client fail2ban-server sshd dockerd docker
  podman crontab at mount umount swapon losetup mkfs fdisk chroot unshare nsenter modprobe kexec
  useradd userdel usermod groupadd groupdel adduser passwd chpasswd visudo chage sudo su runuser
  setpriv doas pkexec newgrp sg chown chgrp mknod setfacl chattr install hostname hostnamectl
  timedatectl reboot shutdown poweroff halt pkill killall fuser curl wget nc ncat socat telnet scp
  sftp ssh-add ssh-copy-id python3 perl node npm npx
`
  .trim()
  .split(/\s+/);

test('nothing that could change this machine is in the PATH of a host', () => {
  linkPrograms(folder);
  const linked = readdirSync(folder);
  expect(linked.length).toBeGreaterThan(40);
  expect(
    linked.filter(
      (name) => never.includes(name) || /^(?:apt|dpkg|systemd|iptables|mkfs|user|group)/.test(name),
    ),
  ).toEqual([]);
});

test('a link leads to a program of the same name, and not to one by another name', () => {
  linkPrograms(folder);
  for (const name of readdirSync(folder)) {
    expect(lstatSync(join(folder, name)).isSymbolicLink()).toBe(true);
    expect(basename(readlinkSync(join(folder, name)))).toBe(name);
  }
});

it('may be asked twice', () => {
  linkPrograms(folder);
  const before = readdirSync(folder);
  linkPrograms(folder);
  expect(readdirSync(folder)).toEqual(before);
});

test('this machine, whose tests run a rehearsal, lacks nothing', () => {
  expect(missingPrograms()).toEqual([]);
});

test('a program is an executable file of the first folder that has it, and none of the dependencies’', () => {
  const put = (path: string, mode: number) => {
    writeFileSync(join(folder, path), '#!/bin/sh\n');
    chmodSync(join(folder, path), mode);
  };
  for (const name of ['a', 'b', 'node_modules', 'node_modules/.bin']) mkdirSync(join(folder, name));
  put('node_modules/.bin/tool', 0o755);
  put('b/tool', 0o755);
  const path = ['node_modules/.bin', 'a', 'b'].map((name) => join(folder, name)).join(':');
  expect(findProgram('tool', path)).toBe(join(folder, 'b/tool'));
  expect(findProgram('no-such-tool-anywhere', path)).toBeUndefined();
  put('a/tool', 0o755);
  expect(findProgram('tool', path)).toBe(join(folder, 'a/tool'));
  expect(findProgram('sh', '')).toMatch(/\/sh$/);
});
