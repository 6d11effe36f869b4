// The files and units of a host as this machine's kernel shows them: nothing is run in the host for a look, so a look
// neither disturbs what is measured nor waits for a host that stands still.

import {chmod, mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import path from 'node:path';
import type {LabHost} from './lab.js';

/** ms since this machine's boot. Hosts share the kernel, so `ms` of the monitor's events is on the same clock. */
export const monotonicMs = (): number => Number(process.hrtime.bigint() / 1000n) / 1000;

export class Inside {
  private where: {leader: string; cgroup: string} | undefined;

  constructor(private readonly host: LabHost) {}

  /** undefined: no such file, or the host is off. */
  async read(file: string): Promise<string | undefined> {
    for (const again of [true, false]) {
      try {
        return await readFile(await this.at(file), 'utf8');
      } catch {
        // The host may have rebooted meanwhile, and then it is another process's view.
        if (!again || (await this.alive())) return undefined;
        this.where = undefined;
      }
    }
    return undefined;
  }

  /** Writes as root; owner and mode of a file that is there stay. @throws when the host is off */
  async write(file: string, text: string): Promise<void> {
    if (!(await this.alive())) this.where = undefined;
    const target = await this.at(file);
    await mkdir(path.dirname(target), {recursive: true});
    await writeFile(target, text);
  }

  /** The same for a program of the test, readable for everybody. */
  async install(file: string, text: string): Promise<void> {
    await this.write(file, text);
    await chmod(await this.at(file), 0o755);
  }

  async remove(file: string): Promise<void> {
    if (!(await this.alive())) this.where = undefined;
    await rm(await this.at(file), {force: true, recursive: true});
  }

  /** Processes of a system unit, as this machine numbers them; none when it does not run or the host is off. */
  async processes(unit: string): Promise<number[]> {
    const text = await this.ofUnit(unit, 'cgroup.procs');
    return (text ?? '').split('\n').filter(Boolean).map(Number);
  }

  /** CPU time that a system unit has used since it was started, ms. */
  async cpuMs(unit: string): Promise<number> {
    const used = /^usage_usec (\d+)$/m.exec((await this.ofUnit(unit, 'cpu.stat')) ?? '')?.[1];
    if (used === undefined) throw new Error(`${unit} on ${this.host.name} has no CPU accounting`);
    return Number(used) / 1000;
  }

  private async ofUnit(unit: string, file: string): Promise<string | undefined> {
    try {
      if (!(await this.alive())) this.where = undefined;
      const {cgroup} = await this.find();
      return await readFile(path.join(cgroup, 'system.slice', unit, file), 'utf8');
    } catch {
      return undefined;
    }
  }

  private async at(file: string): Promise<string> {
    return path.join('/proc', (await this.find()).leader, 'root', file);
  }

  private async alive(): Promise<boolean> {
    if (!this.where) return true;
    return readFile(`/proc/${this.where.leader}/cgroup`, 'utf8').then(
      (text) => text.includes(`/fwlab/${this.host.name}/`),
      () => false,
    );
  }

  private async find() {
    return (this.where ??= await this.host.where());
  }
}
