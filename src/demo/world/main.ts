// The process in which a rehearsal runs. It ends, and takes everything with it, when whoever started it is gone.
import {World} from './world.js';

/** What the one who started it may ask for. */
export type Order =
  | {do: 'crash' | 'boot'; host: 'primary' | 'standby'}
  | {do: 'unit'; verb: 'stop' | 'start' | 'kill'; host: 'primary' | 'standby'; unit: string}
  | {do: 'online'}
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
      (error: unknown) => process.send?.({id: message.id, error: String(error)}),
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
      const kill = order.verb === 'kill' ? ['kill', '--signal=SIGKILL'] : [order.verb];
      return world.hosts[order.host].command(['systemctl', ...kill, order.unit]);
    }
    case 'online':
      return world.hub.chat.online();
    case 'end':
      return void end(0);
  }
}
