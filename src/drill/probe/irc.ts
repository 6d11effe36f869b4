import {connect as connectTcp, isIP, type Socket} from 'node:net';
import {connect as connectTls} from 'node:tls';
import {messageOf} from '../../errors.js';
import {clean} from '../../screens/clip.js';
import type {Probe, ProbeEnd} from './contract.js';
import {IrcLines, ircLine, parseIrc} from './irc-lines.js';
import {ircPlace, type IrcPlace} from './irc-place.js';
import {beginTalk, hear, pass, unanswered, type Turn} from './irc-talk.js';

/** ms between two looks at whether a message is due. */
const lookEveryMs = 250;
/** ms that a server may take to close after QUIT. */
const leaveMs = 1_000;

/** Asks the bot as somebody called `nick`, over a connection of its own to the bot's server. */
export function ircProbe({nick, timeoutS}: {nick: string; timeoutS: number}): Probe {
  return async ({nonce, channel, signal, onLine}) => {
    const place = ircPlace(channel.settings);
    if (!place) return {ok: false, reason: "The channel's settings name no server and nick.", detail: ''};
    if (signal.aborted) return {ok: false, reason: 'The probe was stopped before it began.', detail: ''};
    const server = `${place.host}:${place.port}`;
    const begun = beginTalk({nick, bot: place.nick, nonce, server});
    return talkOver(dial(place), begun, {timeoutS, signal, onLine});
  };
}

function dial({host, port, tls}: IrcPlace): Socket {
  if (!tls) return connectTcp({host, port});
  const name = isIP(host) === 0 ? {servername: host} : {};
  // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED does not switch it off.
  return connectTls({host, port, ...name, rejectUnauthorized: true});
}

interface Bounds {
  timeoutS: number;
  signal: AbortSignal;
  onLine: (line: string) => void;
}

function talkOver(socket: Socket, begun: Turn, {timeoutS, signal, onLine}: Bounds): Promise<ProbeEnd> {
  return new Promise((resolve) => {
    const lines = new IrcLines();
    let {talk} = begun;
    let over = false;

    const finish = (end: ProbeEnd): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      clearInterval(looking);
      signal.removeEventListener('abort', stop);
      leave(socket, () => resolve(end));
    };
    const take = (turn: Turn): void => {
      if (over) return;
      ({talk} = turn);
      for (const line of turn.say) onLine(line);
      if (socket.writable) for (const line of turn.send) socket.write(line);
      if (turn.end) finish(turn.end);
    };
    const stop = (): void => finish(unanswered(talk, 'stopped', timeoutS));

    const timer = setTimeout(() => finish(unanswered(talk, 'timeout', timeoutS)), timeoutS * 1000);
    const looking = setInterval(() => take(pass(talk, Date.now())), lookEveryMs);
    signal.addEventListener('abort', stop, {once: true});
    socket.on('data', (chunk: Buffer) => {
      for (const line of lines.push(chunk)) {
        const message = over ? undefined : parseIrc(line);
        if (message) take(hear(talk, message, Date.now()));
      }
      // A message that has become due by what was said goes out at once.
      take(pass(talk, Date.now()));
    });
    socket.on('error', (error) => finish(broken(talk.server, error)));
    socket.on('close', () => finish(unanswered(talk, 'closed', timeoutS)));
    // Nothing is said before the certificate was looked at.
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => take(begun));
  });
}

/** Says goodbye, so that the nick is free for the next drill, and calls back when the connection is gone. */
function leave(socket: Socket, gone: () => void): void {
  if (socket.destroyed) return gone();
  const timer = setTimeout(() => socket.destroy(), leaveMs);
  socket.once('close', () => {
    clearTimeout(timer);
    gone();
  });
  if (socket.connecting || !socket.writable) socket.destroy();
  else socket.end(ircLine('QUIT', 'Failover drill'));
}

const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|ERR_TLS|EPROTO|ERR_SSL/;

function broken(server: string, error: NodeJS.ErrnoException): ProbeEnd {
  // Whose names have several addresses fail with one error for all of them, whose message is empty.
  const detail = clean(messageOf(error) || (error.code ?? '')).slice(0, 300);
  if (untrusted.test(error.code ?? ''))
    return {ok: false, reason: `${server} could not be talked to over TLS.`, detail};
  return {ok: false, reason: `The connection to ${server} failed.`, detail};
}
