// A folder that is a host as far as its stand-ins are concerned, without its systemd and its SSH.

import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {packaged, standIns, type About} from '../../../src/demo/host/stand-ins.js';
import {findProgram, linkPrograms} from '../../../src/demo/host/tools.js';

export interface Ran {
  code: number | null;
  out: string;
  err: string;
}

export class FolderHost {
  readonly folder = mkdtempSync(join(tmpdir(), 'host-'));
  readonly root = join(this.folder, 'primary');
  readonly about: About = {
    name: 'primary',
    root: this.root,
    owners: `${this.root}.owners`,
    network: join(this.folder, 'network'),
    node: process.execPath,
    rehearsal: '{}',
    stat: findProgram('stat')!,
    sh: findProgram('sh')!,
    ssh: findProgram('ssh')!,
    sshKeygen: findProgram('ssh-keygen')!,
    uname: findProgram('uname')!,
    bus: `${this.root}.bus`,
  };

  constructor() {
    for (const folder of [this.about.owners, this.about.network]) mkdirSync(folder, {recursive: true});
    this.file('/etc/passwd', `root:x:0:0:root:${this.root}/root:/bin/sh\n`);
    this.file('/etc/group', 'root:x:0:\n');
    this.file('/var/lib/dpkg/rehearsal', '');
    this.file('/proc/sys/kernel/hostname', 'claw-main\n');
    for (const folder of ['/home', '/tmp', '/root', '/proc/net/.listening'])
      mkdirSync(this.root + folder, {recursive: true});
    linkPrograms(`${this.root}/usr/bin`);
    // Node and systemd are tested with a whole host.
    for (const [name, text] of Object.entries(standIns(this.about))) {
      if (text === '' || name === 'systemctl') continue;
      rmSync(`${this.root}/usr/bin/${name}`, {force: true});
      this.file(`/usr/bin/${name}`, text, 0o755);
    }
    this.file('/usr/bin/systemctl', `#!/bin/sh\necho "systemctl $*" >>${this.root}/asked\n`, 0o755);
    for (const [name, files] of Object.entries(packaged(this.about)))
      for (const [each, text] of Object.entries(files))
        this.file(`/usr/share/rehearsal/${name}/${each}`, text, 0o755);
  }

  file(path: string, text: string, mode = 0o644): void {
    mkdirSync(dirname(this.root + path), {recursive: true});
    writeFileSync(this.root + path, text, {mode});
  }

  read = (path: string): string => readFileSync(this.root + path, 'utf8');

  /** As `sh` runs it on the host; `$R` is the folder. */
  sh(text: string, user = 'root'): Ran {
    const {status, stdout, stderr} = spawnSync(this.about.sh, ['-c', text], {
      encoding: 'utf8',
      cwd: this.root,
      env: {
        PATH: `${this.root}/usr/bin`,
        R: this.root,
        USER: user,
        HOME: `${this.root}/root`,
        LC_ALL: 'C.UTF-8',
      },
    });
    return {code: status, out: stdout.trimEnd(), err: stderr.trimEnd()};
  }

  remove(): void {
    rmSync(this.folder, {recursive: true, force: true});
  }
}
