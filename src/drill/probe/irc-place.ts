import {z} from 'zod';
import {sameNick} from './irc-lines.js';

/** Where the bot is asked. */
export interface IrcPlace {
  host: string;
  port: number;
  tls: boolean;
  /** The bot's. */
  nick: string;
}

const settings = z.object({
  host: z.string().regex(/^[\w.:-]{1,253}$/),
  port: z.coerce.number().int().min(1).max(65_535).optional(),
  // OpenClaw's own default.
  tls: z.boolean().default(true),
  nick: z.string().regex(/^[^\s:,!@#&\p{Cc}][^\s:,!@\p{Cc}]{0,63}$/u),
});

/** What an account's settings say about it, with OpenClaw's defaults; undefined where they do not say enough. */
export function ircPlace(given: unknown): IrcPlace | undefined {
  const {success, data} = settings.safeParse(given);
  return success ? {...data, port: data.port ?? (data.tls ? 6697 : 6667)} : undefined;
}

const access = z.object({
  dmPolicy: z.string().optional(),
  allowFrom: z.array(z.coerce.string()).optional(),
});

/** Why the bot would not be asked by this nick with these settings of its account, one sentence. */
export function ircProblem(nick: string, given: unknown): string | undefined {
  const place = ircPlace(given);
  if (!place)
    return "The channel's settings name no server and nick that could be used for the drill's message.";
  if (sameNick(nick, place.nick))
    return `The drill's message would come from ${nick}, which is the bot's own nick; give the probe another one.`;
  const {dmPolicy, allowFrom = []} = access.safeParse(given).data ?? {};
  if (dmPolicy === 'disabled') return 'The account takes no private messages (dmPolicy is "disabled").';
  // With another policy a nick may be let in by what the gateway itself remembers.
  if (dmPolicy !== 'allowlist' || allowFrom.some((entry) => letsIn(entry, nick))) return undefined;
  return `The account's allowFrom has no entry for ${nick}, so the bot would not answer the drill's message.`;
}

/** An entry is `*`, `nick!user@host`, `nick@host`, `nick!user` or `nick`, with `irc:` and `user:` allowed before it. */
function letsIn(entry: string, nick: string): boolean {
  const who = entry.trim().replace(/^(?:irc:)?(?:user:)?/i, '');
  return who === '*' || who.split(/[!@]/, 1)[0]?.toLowerCase() === nick.toLowerCase();
}
