import {isTree} from '../../channels/program/plain-object.js';
import {askGateway} from './ask.js';
import type {Call} from './commands.js';
import {loadConfig} from './config.js';
import {parseTree} from './edit-config.js';
import {runGateway} from './gateway.js';
import {listeningOf} from './listen.js';

const print = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

/** ms that a running gateway has for its answer. */
const usualTimeoutMs = 10_000;

function timeoutOf({values}: Call): number {
  const ms = Number(values.timeout ?? usualTimeoutMs);
  if (!(ms > 0)) throw new Error('--timeout wants a number of ms');
  return ms;
}

/** Of a gateway that is not there, only that is told. */
export async function channels(call: Call): Promise<number> {
  try {
    const status = await askGateway(call.place, 'channels.status', {}, timeoutOf(call));
    if (call.values.json) print(status);
    else process.stdout.write(`Gateway reachable.\n${lines(status)}`);
  } catch (error) {
    const why = (error as Error).message;
    if (call.values.json) print({gatewayReachable: false, error: why});
    process.stderr.write(`Gateway not reachable: ${why}\n`);
  }
  return 0;
}

function lines(status: unknown): string {
  const accounts = isTree(status) && isTree(status.channelAccounts) ? status.channelAccounts : {};
  return Object.entries(accounts)
    .flatMap(([channel, list]) =>
      Array.isArray(list) ? list.filter(isTree).map((one) => ({channel, one})) : [],
    )
    .map(({channel, one}) => {
      const words = [
        one.enabled ? 'enabled' : 'disabled',
        one.running ? 'running' : 'stopped',
        one.connected ? 'connected' : 'disconnected',
        ...(typeof one.lastError === 'string' ? [`error:${one.lastError}`] : []),
      ];
      return `- ${channel} ${String(one.accountId)}: ${words.join(', ')}\n`;
    })
    .join('');
}

export async function call(given: Call): Promise<number> {
  const {place, positionals, values} = given;
  const params = typeof values.params === 'string' ? parseTree(values.params, '--params') : {};
  try {
    print(await askGateway(place, positionals[0] ?? '', params, timeoutOf(given)));
    return 0;
  } catch (error) {
    throw new Error(`Gateway call failed: ${(error as Error).message}`, {cause: error});
  }
}

export async function status({place, values}: Call): Promise<number> {
  const listening = listeningOf(loadConfig(place));
  const where = 'refused' in listening ? {} : {port: listening.port, addresses: listening.addresses};
  const error = await askGateway(place, 'health', {}, 3_000).then(
    () => undefined,
    (reason: unknown) => (reason as Error).message,
  );
  const ok = error === undefined;
  if (values.json) print({config: {path: place.configPath}, gateway: where, rpc: {ok, ...(!ok && {error})}});
  else process.stdout.write(ok ? 'Gateway: running\n' : `Gateway: not running (${error})\n`);
  return ok ? 0 : 1;
}

export async function gateway({place, version, values}: Call): Promise<number> {
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new Error('--port wants a port');
  return runGateway(place, version, {port, ...(typeof values.bind === 'string' && {bind: values.bind})});
}
