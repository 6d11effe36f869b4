// The process in which a rehearsal runs. It ends, and takes everything with it, when whoever started it is gone.
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {connectPerson} from '../chat/person.js';
import {addresses, toReal} from '../net/table.js';
import {hub} from './hub.js';
import {nicks} from './primary-image.js';
import {World} from './world.js';

/** What the one who started it may ask for. */
export type Order =
  | {do: 'crash' | 'boot'; host: 'primary' | 'standby'}
  | {do: 'unit'; verb: 'stop' | 'start' | 'kill'; host: 'primary' | 'standby'; unit: string}
  /** Who is in the chat; the answer is a list of nicks. */
  | {do: 'online'}
  /** Asks a bot something, as the person of the rehearsal; the answer is `Asked`. */
  | {do: 'ask'; nick: string; text: string}
  /** What the monitor says it is; the answer is its state, or nothing. */
  | {do: 'state'}
  | {do: 'cut'; cut: boolean}
  | {do: 'end'};

const world = new World();
let ending: Promise<void> | undefined;
const end = (code: number) =>
  (ending ??= world
    .close()
    .catch((error: unknown) => process.stderr.write(`${String(error)}\n`))
    .then(() => process.exit(code)));
process.on('disconnect', () => void end(0));
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('SIGTERM', () => void end(143));
process.on('uncaughtException', (error) => {
  process.stderr.write(`The rehearsal ended: ${error.stack ?? error.message}\n`);
  void end(1);
});

try {
  const rehearsal = await world.start();
  process.on('message', (message: {id: number; order: Order}) => {
    void obey(message.order).then(
      (answer) => process.send?.({id: message.id, answer}),
      (error: unknown) =>
        process.send?.({id: message.id, error: error instanceof Error ? error.message : String(error)}),
    );
  });
  process.send?.({ready: rehearsal});
} catch (error) {
  process.send?.({failed: error instanceof Error ? error.message : String(error)});
  await end(1);
}

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'crash':
      return world.hosts[order.host].crash();
    case 'boot':
      return world.hosts[order.host].boot();
    case 'unit': {
      if (!world.hosts[order.host].isUp) throw new Error(`The ${order.host} has no power.`);
      const kill = order.verb === 'kill' ? ['kill', '--signal=SIGKILL'] : [order.verb];
      return world.hosts[order.host].command(['systemctl', ...kill, order.unit]);
    }
    case 'online':
      return world.hub.chat.online();
    case 'ask':
      return ask(order.nick, order.text);
    case 'state':
      return monitorState();
    case 'cut':
      if (order.cut) writeFileSync(join(world.network.state, 'cut'), '');
      else rmSync(join(world.network.state, 'cut'), {force: true});
      return undefined;
    case 'end':
      return void end(0);
  }
}

/** ms that a bot is waited for. */
const answerMs = 8_000;

async function ask(nick: string, text: string): Promise<unknown> {
  const at = toReal(world.network, {address: addresses.hub, port: hub.chat.port})!;
  const person = await connectPerson({host: at.address, port: at.port, nick: nicks.person});
  try {
    return await person.ask(nick, text, {timeoutMs: answerMs});
  } finally {
    person.close();
  }
}

function monitorState(): string | undefined {
  try {
    const text = readFileSync(join(world.hosts.standby.root, 'run/openclaw-failover/live.json'), 'utf8');
    return (JSON.parse(text) as {state?: string}).state;
  } catch {
    return undefined;
  }
}
