import {readdirSync, readFileSync, renameSync, rmSync, watch, writeFileSync, type FSWatcher} from 'node:fs';
import {kernelAddress, kernelPort} from '../../templates/kernel-address.js';

const heading =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';

/** Keeps /proc/net/tcp of a host by the notes that its programs leave about what they listen on. */
export class KernelTables {
  readonly #folder: string;
  readonly #file: string;
  #watcher: FSWatcher | undefined;

  constructor(root: string) {
    this.#folder = `${root}/proc/net/.listening`;
    this.#file = `${root}/proc/net/tcp`;
  }

  start(): void {
    this.write();
    this.#watcher = watch(this.#folder, () => this.write());
  }

  stop(): void {
    this.#watcher?.close();
  }

  /** A process is gone, and with it what it listened on. */
  forget(pid: number): void {
    for (const name of this.#names()) {
      if (name.startsWith(`${pid}.`)) rmSync(`${this.#folder}/${name}`, {force: true});
    }
    this.write();
  }

  write(): void {
    const rows = this.#names().flatMap((name) => {
      const [address = '', port = ''] = this.#read(name).split(' ');
      return address === '' ? [] : [{address, port: Number(port)}];
    });
    const lines = rows.map(
      ({address, port}, index) =>
        `${String(index).padStart(4)}: ${kernelAddress(address)}:${kernelPort(port)} 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 ${index + 100}\n`,
    );
    try {
      writeFileSync(`${this.#file}.new`, heading + lines.join(''));
      renameSync(`${this.#file}.new`, this.#file);
    } catch {
      // The host is being taken away.
    }
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder);
    } catch {
      return [];
    }
  }

  #read(name: string): string {
    try {
      return readFileSync(`${this.#folder}/${name}`, 'utf8').trim();
    } catch {
      return '';
    }
  }
}
