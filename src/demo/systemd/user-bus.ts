import {closeSync, mkdirSync, openSync, rmSync} from 'node:fs';
import {createServer, type Server} from 'node:net';

/** The two sockets by which others see that a user's manager is there. Nobody speaks to it through them. */
export class UserBus {
  readonly #servers: Server[] = [];

  /** @param folder `/run/user/UID` in the sandbox */
  constructor(private readonly folder: string) {}

  async open(): Promise<void> {
    await this.#listen(this.folder, 'bus');
    await this.#listen(`${this.folder}/systemd`, 'private');
  }

  close(): void {
    for (const server of this.#servers) server.close();
    rmSync(`${this.folder}/bus`, {force: true});
    rmSync(`${this.folder}/systemd/private`, {force: true});
  }

  async #listen(folder: string, name: string): Promise<void> {
    mkdirSync(folder, {recursive: true});
    rmSync(`${folder}/${name}`, {force: true});
    // The path of a socket is 107 bytes at most; this one is short whatever the folder is called.
    const descriptor = openSync(folder, 'r');
    const server = createServer((socket) => socket.destroy());
    server.unref();
    this.#servers.push(server);
    await new Promise<void>((resolve) => {
      server.once('error', () => resolve());
      server.listen(`/proc/self/fd/${descriptor}/${name}`, () => resolve());
    });
    closeSync(descriptor);
  }
}
