import {ircLine, sameNick, type IrcMessage} from '../../drill/probe/irc-lines.js';
import type {Member} from './member.js';

/** The one channel there is. */
export const room = '#rehearsal';
/** Name of the server in what it says. */
export const serverName = 'chat.rehearsal';

/** Who else is there. */
export interface Room {
  find(nick: string): Member | undefined;
  isTaken(nick: string, by: Member): boolean;
  /** Everybody who is let in. */
  members(): Member[];
  /** Who is there has changed. */
  changed(): void;
}

type Reply = (place: Room, member: Member, params: readonly string[]) => void;

const nickShape = /^[A-Za-z[\]\\`_^{|}][\w[\]\\`^{|}-]{0,29}$/;

/** Does what a client asks for (RFC 2812, as much of it as people and bots need). */
export function answer(place: Room, member: Member, {command, params}: IrcMessage): void {
  const reply = replies[command];
  if (reply && (member.registered || beforehand.has(command))) reply(place, member, params);
  else if (!member.registered) tell(member, '451', 'You have not registered');
  else tell(member, '421', command, 'Unknown command');
}

function tell(member: Member, code: string, ...params: string[]): void {
  member.send(ircLine(`:${serverName} ${code}`, member.nick || '*', ...params));
}

const beforehand = new Set(['NICK', 'USER', 'PASS', 'CAP', 'PING', 'PONG', 'QUIT']);

const silence: Reply = () => undefined;

const message =
  (command: 'PRIVMSG' | 'NOTICE'): Reply =>
  (place, member, [to = '', text = '']) => {
    // To a notice nobody answers, so that no two programs talk for ever.
    const refuse = (code: string, ...words: string[]) =>
      command === 'PRIVMSG' && tell(member, code, ...words);
    if (text === '') return void refuse('412', 'No text to send');
    const line = ircLine(`:${member.mask} ${command}`, to, text);
    if (to.toLowerCase() === room) {
      if (!member.joined) return void refuse('404', to, 'Cannot send to channel');
      for (const other of place.members()) if (other.joined && other !== member) other.send(line);
      return;
    }
    const other = place.find(to);
    if (other) other.send(line);
    else refuse('401', to, 'No such nick or channel name');
  };

const replies: Readonly<Record<string, Reply>> = {
  NICK(place, member, [nick = '']) {
    if (nick === '') return tell(member, '431', 'No nickname given');
    if (!nickShape.test(nick)) return tell(member, '432', nick, 'Erroneous nickname');
    if (place.isTaken(nick, member)) return tell(member, '433', nick, 'Nickname already in use');
    if (member.registered) {
      const line = ircLine(`:${member.mask} NICK`, nick);
      for (const other of place.members())
        if (other === member || (member.joined && other.joined)) other.send(line);
    }
    member.nick = nick;
    if (member.registered) place.changed();
    else enter(place, member);
  },
  USER(place, member, [user = '']) {
    if (member.registered) return tell(member, '462', 'You may not reregister');
    member.user = user.replace(/[^\w.-]/g, '').slice(0, 20) || 'unknown';
    enter(place, member);
  },
  PING: (_place, member, params) =>
    member.send(ircLine(`:${serverName} PONG`, serverName, params.at(-1) ?? '')),
  QUIT: (_place, member, [why = 'Quit']) => member.leave(why),
  PONG: silence,
  PASS: silence,
  MODE: silence,
  AWAY: silence,
  CAP(_place, member, [verb = '']) {
    if (/^(?:LS|LIST)$/i.test(verb))
      member.send(ircLine(`:${serverName} CAP`, member.nick || '*', verb.toUpperCase(), ''));
  },
  PRIVMSG: message('PRIVMSG'),
  NOTICE: message('NOTICE'),
  JOIN(place, member, [names = '']) {
    for (const name of names.split(',')) {
      if (name.toLowerCase() !== room) tell(member, '403', name, `The one channel here is ${room}`);
      else if (!member.joined) join(place, member);
    }
  },
  PART(place, member, [name = '', why = '']) {
    if (name.toLowerCase() !== room || !member.joined)
      return tell(member, '442', name, 'You are not on that channel');
    const line = ircLine(`:${member.mask} PART`, room, why);
    for (const other of place.members()) if (other.joined) other.send(line);
    member.joined = false;
  },
  USERHOST(place, member, nicks) {
    const found = nicks.flatMap((nick) => place.find(nick) ?? []);
    tell(member, '302', found.map(({nick, user, host}) => `${nick}=+~${user}@${host}`).join(' '));
  },
  ISON(place, member, params) {
    const nicks = params.flatMap((words) => words.split(' ')).filter(Boolean);
    tell(member, '303', nicks.flatMap((nick) => place.find(nick)?.nick ?? []).join(' '));
  },
  WHOIS(place, member, params) {
    const asked = params.at(-1) ?? '';
    const other = place.find(asked);
    if (!other) tell(member, '401', asked, 'No such nick or channel name');
    else tell(member, '311', other.nick, `~${other.user}`, other.host, '*', other.nick);
    tell(member, '318', asked, 'End of WHOIS list');
  },
  WHO(place, member, [mask = '*']) {
    const inRoom = mask.toLowerCase() === room;
    const found = place
      .members()
      .filter(({nick, joined}) => (inRoom ? joined : mask === '*' || sameNick(nick, mask)));
    for (const {nick, user, host, joined} of found)
      tell(member, '352', joined ? room : '*', `~${user}`, host, serverName, nick, 'H', `0 ${nick}`);
    tell(member, '315', mask, 'End of WHO list');
  },
};

function enter(place: Room, member: Member): void {
  const {nick, user} = member;
  if (nick === '' || user === '' || member.registered) return;
  member.registered = true;
  tell(member, '001', `Welcome to the chat of this rehearsal, ${member.mask}`);
  tell(member, '002', `Your host is ${serverName}`);
  tell(member, '004', serverName, 'failover-wizard', 'i', 'n');
  tell(member, '422', 'No message of the day');
  place.changed();
}

function join(place: Room, member: Member): void {
  member.joined = true;
  const there = place.members().filter(({joined}) => joined);
  const line = ircLine(`:${member.mask} JOIN`, room);
  for (const other of there) other.send(line);
  tell(member, '353', '=', room, there.map(({nick}) => nick).join(' '));
  tell(member, '366', room, 'End of NAMES list');
}
