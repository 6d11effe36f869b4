import {getAt} from '../../pair/path.js';
import type {Pair} from '../../pair/schema.js';
import {commandProbe} from './command.js';
import type {Probe, ProbeAsk} from './contract.js';
import {ircPlace, ircProblem} from './irc-place.js';
import {ircProbe} from './irc.js';
import {freshNonce} from './nonce.js';
import {runnable} from './program.js';

export type {Probe, ProbeAsk, ProbeEnd} from './contract.js';

type Asked = Pick<Pair, 'name' | 'channel' | 'drill'>;

/** How this pair's bot is asked; undefined: nothing was set, or its channel cannot be driven so. */
export function probeOf({channel, drill}: Asked): Probe | undefined {
  const probe = drill?.probe;
  if (probe?.kind === 'command') return commandProbe(probe);
  if (probe?.kind === 'irc' && channel.type === 'irc' && ircPlace(channel.settings)) return ircProbe(probe);
  return undefined;
}

/** Settings by which a bot is known to others: on IRC, on Matrix, on Signal (src/pair/channel-forms.ts). */
const nameFields = ['nick', 'userId', 'account'] as const;

/** What a probe of this pair is told, with a word of its own. */
export function askOf({name, channel}: Asked): Omit<ProbeAsk, 'signal' | 'onLine'> {
  const {type, account, settings} = channel;
  return {
    pair: name,
    nonce: freshNonce(),
    bot:
      nameFields.map((field) => getAt(settings, [field])).find((name) => typeof name === 'string') ?? account,
    channel: {type, account, settings},
  };
}

/** Why the probe that is set cannot work, one sentence; looks at files of this machine, and connects to nothing. */
export async function probeProblem({channel, drill}: Asked): Promise<string | undefined> {
  const probe = drill?.probe;
  if (probe === undefined) return undefined;
  if (probe.kind === 'command') {
    const found = await runnable(probe.path);
    return 'reason' in found ? `The drill's own message: ${found.reason}` : undefined;
  }
  if (channel.type !== 'irc')
    return `The drill's message is set to go over IRC, but the standby's channel is ${channel.type}; set a command instead.`;
  return ircProblem(probe.nick, channel.settings);
}
