import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach} from 'vitest';
import {connect} from '../../src/ssh/connect.js';
import type {ConnectOptions} from '../../src/ssh/connect.js';
import type {AuditEntry} from '../../src/ssh/host.js';
import {plainDefaults} from '../../src/ssh/operator-config.js';
import type {OperatorConfig} from '../../src/ssh/operator-config.js';
import {pinStore} from '../../src/ssh/pins.js';
import {Remembered} from '../../src/ssh/prompts.js';
import type {SshHost} from '../../src/ssh/ssh-host.js';
import {newKey, startServer} from './server.js';
import type {ServerOptions, TestServer} from './server.js';

/** What the operator's machine is in a test: a key in a folder, pins, and an OpenSSH configuration. */
export interface Desk {
  folder: string;
  key: ReturnType<typeof newKey>;
  keyFile: string;
  pins: ReturnType<typeof pinStore>;
  audit: AuditEntry[];
  memory: Remembered;
}

const ends: (() => unknown)[] = [];
/** Runs after the test, last come first. */
export const afterwards = (end: () => unknown): void => void ends.push(end);
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fw-ssh-'));
  afterwards(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}

export async function server(options: ServerOptions = {}): Promise<TestServer> {
  const started = await startServer(options);
  afterwards(() => started.close());
  return started;
}

/** Connects to a test server with sensible answers; everything can be set otherwise. */
export async function connectTo(
  {port, fingerprint}: {port: number; fingerprint: string},
  desk: Desk,
  {config = {}, ...options}: Partial<ConnectOptions> & {config?: Partial<OperatorConfig>} = {},
): Promise<SshHost> {
  const host = await connect({
    name: 'standby',
    ssh: `root@127.0.0.1:${port}`,
    hostKey: fingerprint,
    identityFile: desk.keyFile,
    pins: desk.pins,
    prompts: {},
    audit: (entry) => desk.audit.push(entry),
    memory: desk.memory,
    connectTimeoutMs: 5_000,
    readConfig: async (target) => ({
      ...plainDefaults(target, {}),
      identityFiles: [],
      knownHostsFiles: [],
      agent: undefined,
      ...config,
    }),
    ...options,
  });
  afterwards(() => host.close());
  return host;
}

export function newDesk(): Desk {
  const folder = temporaryFolder();
  const key = newKey();
  const keyFile = join(folder, 'id_ed25519');
  writeFileSync(keyFile, key.text, {mode: 0o600});
  return {folder, key, keyFile, pins: pinStore(join(folder, 'pins')), audit: [], memory: new Remembered()};
}
