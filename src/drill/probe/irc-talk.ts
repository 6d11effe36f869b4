import {clean} from '../../screens/clip.js';
import {longestDetail, type ProbeEnd} from './contract.js';
import {ircLine, nickOf, sameNick, withoutColour, type IrcMessage} from './irc-lines.js';
import {holds} from './nonce.js';

/** ms until a bot that is not there is looked for again; that costs nobody anything. */
const absentMs = 3_000;
/** ms until a bot that says nothing is asked again, each time longer: every message is a turn of a model. */
const silentMs = [15_000, 30_000, 60_000] as const;

/** What is known of a talk with the bot. */
export interface Talk {
  nick: string;
  bot: string;
  nonce: string;
  /** `host:port`, for sentences. */
  server: string;
  /** What the server calls us; null: not let in yet. */
  me: string | null;
  /** `nick!user@host` as the bot sees it; null: the server did not say. */
  mask: string | null;
  /** Epoch ms of the first message that reached the bot, as far as is known. */
  askedAtMs: number | null;
  /** Epoch ms of the next message; null: none until we are let in. */
  nextAtMs: number | null;
  /** Messages sent since the bot was there. */
  asked: number;
  /** The server said that nobody has the bot's nick. */
  absent: boolean;
  /** What the bot, or the server about it, said last that was no answer. */
  heard: string;
}

/** What comes of something that happened. */
export interface Turn {
  talk: Talk;
  /** Lines for the server. */
  send: readonly string[];
  /** Lines for the operator. */
  say: readonly string[];
  end?: ProbeEnd;
}

export function beginTalk(who: Pick<Talk, 'nick' | 'bot' | 'nonce' | 'server'>): Turn {
  const unknown = {me: null, mask: null, askedAtMs: null, nextAtMs: null, asked: 0, absent: false, heard: ''};
  const send = [ircLine('NICK', who.nick), ircLine('USER', who.nick, '0', '*', who.nick)];
  return {talk: {...who, ...unknown}, send, say: []};
}

/** Why a server does not let somebody in; the first words are `SERVER says that`. */
const refusals: Readonly<Record<string, (nick: string) => string>> = {
  432: (nick) => `${nick} is no nick that it allows`,
  433: (nick) => `the nick ${nick} is in use: another client has it`,
  436: (nick) => `the nick ${nick} is in use: another client has it`,
  437: (nick) => `the nick ${nick} cannot be had at the moment`,
  464: () => 'it wants a password, which the probe has not',
  465: () => 'this machine is banned',
};

/** The server says something. */
export function hear(talk: Talk, message: IrcMessage, nowMs: number): Turn {
  const {command, params} = message;
  if (command === 'PING') return {talk, send: [ircLine('PONG', params.at(-1) ?? '')], say: []};
  if (command === 'ERROR') return quiet({...talk, heard: told(params.at(-1) ?? '')});
  if (talk.me === null) return enter(talk, message, nowMs);
  if (command === 'PRIVMSG' || command === 'NOTICE') return listen(talk, message, nowMs);
  // RPL_USERHOST: `alice=+~alice@203.0.113.7`, of ourselves.
  const host = command === '302' ? /^([^\s=*]+)\*?=[+-](\S+@\S+)/.exec(params.at(-1)?.trim() ?? '') : null;
  if (host && sameNick(host[1] ?? '', talk.me)) return quiet({...talk, mask: told(`${talk.me}!${host[2]}`)});
  // Every other numeric that names the bot second is about the message to it: 401 nobody is there, 477, 531, 716 …
  if (!/^[45]\d\d$/.test(command) || !sameNick(params[1] ?? '', talk.bot)) return quiet(talk);
  if (command !== '401') return quiet({...talk, heard: told(params.at(-1) ?? '')});
  // The newest message did not reach it; one before may have.
  const asked = Math.max(0, talk.asked - 1);
  const later = {
    nextAtMs: nowMs + absentMs,
    asked,
    askedAtMs: asked === 0 ? null : talk.askedAtMs,
    absent: true,
  };
  return {talk: {...talk, ...later}, send: [], say: talk.absent ? [] : [`${talk.bot} is not there yet`]};
}

function enter(talk: Talk, {command, params}: IrcMessage, nowMs: number): Turn {
  const refusal = refusals[command]?.(talk.nick);
  if (refusal !== undefined) {
    const detail = told(params.at(-1) ?? '');
    return {...quiet(talk), end: {ok: false, reason: `${talk.server} says that ${refusal}.`, detail}};
  }
  if (command !== '001') return quiet(talk);
  const me = params[0] === undefined ? talk.nick : told(params[0]);
  return quiet({...talk, me, nextAtMs: nowMs});
}

function listen(talk: Talk, {from, params}: IrcMessage, nowMs: number): Turn {
  const [to = '', text = ''] = params;
  if (!sameNick(nickOf(from), talk.bot) || !sameNick(to, talk.me ?? '')) return quiet(talk);
  const heard = told(text);
  if (talk.askedAtMs === null || !holds(clean(withoutColour(text)), talk.nonce))
    return {talk: {...talk, heard}, send: [], say: [`${talk.bot} says without the word: ${heard}`]};
  const end: ProbeEnd = {
    ok: true,
    askedAtMs: talk.askedAtMs,
    answeredAtMs: nowMs,
    detail: `${talk.bot}: ${heard}`,
  };
  return {talk, send: [], say: [`${talk.bot} answers: ${heard}`], end};
}

/** Time goes by: the message is sent when it is due. */
export function pass(talk: Talk, nowMs: number): Turn {
  if (talk.nextAtMs === null || nowMs < talk.nextAtMs) return quiet(talk);
  const nextAtMs = nowMs + (silentMs[talk.asked] ?? silentMs.at(-1)!);
  // Nobody said that the message before did not reach it, so it is there.
  const absent = talk.absent && talk.asked === 0;
  const now = {nextAtMs, absent, asked: talk.asked + 1, askedAtMs: talk.askedAtMs ?? nowMs};
  const text = `Failover drill: please answer with the word ${talk.nonce}.`;
  const words = talk.asked === 0 ? `asks ${talk.bot} for the word ${talk.nonce}` : `asks ${talk.bot} again`;
  // A bot that is waited for is looked for every few seconds; that is said once.
  // Asked afterwards: servers make whoever has just come in wait after each command.
  const host = talk.mask === null && talk.me !== null ? [ircLine('USERHOST', talk.me)] : [];
  const send = [ircLine('PRIVMSG', talk.bot, text), ...host];
  return {talk: {...talk, ...now}, send, say: absent ? [] : [words]};
}

/** The time is over, or somebody stopped it: what there is to say. */
export function unanswered(talk: Talk, why: 'timeout' | 'stopped' | 'closed', tookS: number): ProbeEnd {
  return {ok: false, reason: reasonOf(talk, why, tookS), detail: detailOf(talk)};
}

function reasonOf(talk: Talk, why: 'timeout' | 'stopped' | 'closed', tookS: number): string {
  if (why === 'stopped') return 'The probe was stopped before an answer came.';
  if (why === 'closed') return `${talk.server} closed the connection before an answer came.`;
  if (talk.me === null) return `${talk.server} did not let ${talk.nick} in within ${tookS} s.`;
  if (talk.askedAtMs === null) return `Nobody called ${talk.bot} was there within ${tookS} s.`;
  if (talk.heard !== '') return `${talk.bot} did not answer with the word within ${tookS} s.`;
  return `${talk.bot} did not answer within ${tookS} s.`;
}

function detailOf({heard, mask, askedAtMs, nonce}: Talk): string {
  const parts = [
    ...(heard === '' ? [] : [`Last was said: ${heard}`]),
    ...(askedAtMs === null ? [] : [`The word was ${nonce}.`]),
    ...(mask === null || heard !== '' || askedAtMs === null
      ? []
      : [`The account's allowFrom has to let in ${mask}.`]),
  ];
  return parts.join(' ').slice(0, longestDetail);
}

const quiet = (talk: Talk): Turn => ({talk, send: [], say: []});

/** What a server says, as it may be shown. */
const told = (text: string): string => clean(withoutColour(text)).trim().slice(0, 300);
