import {spawn} from 'node:child_process';
import {readFile} from 'node:fs/promises';
import {readChannelStatus} from './channel-status.js';
import {callGateway, GatewayRefusal} from './gateway-call.js';
import type {MonitorPaths} from './paths.js';
import type {MonitorSettings} from './settings.js';
import type {AccountAsked} from './verify.js';

/** ms; a gateway that is busy with its start answers late. */
const callTimeoutMs = 5000;

/**
 * Whether the channel account is connected: asked over the gateway's own socket, and through the `openclaw` program
 * only where a gateway of another version refuses that. Never throws.
 */
export async function askAccount(
  paths: Pick<MonitorPaths, 'openclaw' | 'envFile'>,
  {gateway, channel}: Pick<MonitorSettings, 'gateway' | 'channel'>,
): Promise<AccountAsked> {
  try {
    const token = await gatewayToken(paths.envFile);
    const status = await callGateway({gateway, token, method: 'channels.status', timeoutMs: callTimeoutMs});
    return {...readChannelStatus(JSON.stringify(status), channel), cheap: true};
  } catch (error) {
    if (!(error instanceof GatewayRefusal))
      return {connected: false, enabled: false, detail: (error as Error).message, cheap: true};
    return {...readChannelStatus(await askProgram(paths.openclaw), channel), cheap: false};
  }
}

/** @throws GatewayRefusal where there is none to be read. */
export async function gatewayToken(envFile: string): Promise<string> {
  const text = await readFile(envFile, 'utf8').catch(() => '');
  const token = /^FAILOVER_GATEWAY_TOKEN=(["']?)([\w.-]+)\1$/m.exec(text)?.[2];
  if (token === undefined) throw new GatewayRefusal('the token of the gateway here cannot be read');
  return token;
}

/** ms; it takes 1.5 s, and twice that on one core. */
const askTimeoutMs = 20_000;
const mostBytes = 1 << 20;

/**
 * What the gateway here says of its channels, as text; empty when it says nothing in time. `gateway call` asks the
 * gateway and nothing else, while `channels status` may first wait a minute for the service manager.
 */
function askProgram(entry: string): Promise<string> {
  return new Promise((resolve) => {
    // A group of its own: the program starts itself again, and all of it must end with the time-out.
    const child = spawn(process.execPath, [entry, 'gateway', 'call', 'channels.status', '--json'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    let text = '';
    const end = () => child.pid !== undefined && killGroup(child.pid);
    const timer = setTimeout(() => {
      text = '';
      end();
      // Whoever left its group and holds its output is not waited for.
      setTimeout(() => resolve(''), 200);
    }, askTimeoutMs);
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      if (text.length > mostBytes) end();
    });
    child.once('error', () => resolve(''));
    child.once('close', () => {
      clearTimeout(timer);
      resolve(text.length > mostBytes ? '' : text);
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in this very moment.
  }
}
