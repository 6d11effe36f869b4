import {describe, expect, it} from 'vitest';
import {Abort, Exit} from '../../src/errors.js';
import {connectFailure, isTransient, timeIsOver} from '../../src/ssh/failure.js';
import type {Going} from '../../src/ssh/failure.js';

const going: Going = {
  who: 'the primary (root@claw)',
  host: '203.0.113.10',
  port: 22,
  timeoutMs: 20_000,
  via: 'ops@bastion',
  login: {offered: ['key ~/.ssh/id'], accepts: ['publickey'], notes: [], passwordSent: false},
};
const error = (message: string, more: object = {}): Error => Object.assign(new Error(message), more);

describe('a connection that fails', () => {
  it.each<[string, Error, RegExp, boolean]>([
    [
      'refused',
      error('connect', {code: 'ECONNREFUSED', level: 'client-socket'}),
      /refuses connections on port 22/,
      true,
    ],
    ['no route', error('connect', {code: 'EHOSTUNREACH'}), /no way to the primary/, true],
    ['no network', error('connect', {code: 'ENETUNREACH'}), /no network to the primary/, true],
    ['unknown name', error('getaddrinfo', {code: 'ENOTFOUND'}), /name 203\.0\.113\.10 .* is unknown/, true],
    ['name server down', error('getaddrinfo', {code: 'EAI_AGAIN'}), /cannot be looked up now/, true],
    ['dropped packets', error('connect', {code: 'ETIMEDOUT'}), /does not answer on port 22/, true],
    ['reset', error('read', {code: 'ECONNRESET', level: 'client-socket'}), /cut the connection/, true],
    [
      'all addresses of a name',
      error('', {errors: [{code: 'ECONNREFUSED'}, {code: 'ENETUNREACH'}]}),
      /refuses connections/,
      true,
    ],
    ['out of time', error('timed out', {code: timeIsOver}), /did not finish the login within 20 s/, true],
    ['silence', error('Keepalive timeout', {level: 'client-timeout'}), /stopped answering/, true],
    [
      'hung up',
      error('Connection lost before handshake', {level: 'protocol'}),
      /closed the connection before/,
      true,
    ],
    [
      'no algorithm',
      error('Handshake failed: no matching key exchange algorithm', {level: 'handshake'}),
      /No encryption could be agreed/,
      false,
    ],
    [
      'refused login',
      error('All configured authentication methods failed', {level: 'client-authentication'}),
      /refused the login/,
      false,
    ],
    ['too many keys', error('Too many authentication failures', {code: 2}), /after too many keys/, false],
    [
      'jump host forbids it',
      error('(SSH) Channel open failure: x', {code: 'FORWARD_PROHIBITED'}),
      /jump host \(ops@bastion\) does not let connections through/,
      true,
    ],
    [
      'anything else',
      error('weird \u001b[31mtext'),
      /^The connection to the primary \(root@claw\) failed\.$/,
      true,
    ],
  ])('is told in one sentence: %s', (_, cause, sentence, transient) => {
    const abort = connectFailure(cause, going);
    expect(abort).toMatchObject({exit: Exit.unreachable, message: expect.stringMatching(sentence), cause});
    expect(abort.message).toMatch(/^[A-Z].*\.$/);
    expect(abort.next.length).toBeGreaterThan(0);
    expect(abort.detail ?? '').not.toContain('\u001b');
    expect(isTransient(abort)).toBe(transient);
  });

  it('that is explained already stays as it is, and is not tried again', () => {
    const abort = new Abort('The host key has changed.', {exit: Exit.unreachable});
    expect(connectFailure(abort, going)).toBe(abort);
    expect(isTransient(abort)).toBe(false);
  });

  it('says what was offered and what the server takes', () => {
    const abort = connectFailure(error('All configured authentication methods failed'), going);
    expect(abort.detail).toBe('offered: key ~/.ssh/id\nthe server accepts: publickey');
  });

  it('tells a host that is off from one that is slow to log in', () => {
    const over = error('timed out', {code: timeIsOver});
    expect(connectFailure(over, {...going, reached: false}).message).toMatch(
      /does not answer on port 22 within 20 s/,
    );
    expect(connectFailure(over, {...going, reached: true}).message).toMatch(
      /did not finish the login within 20 s/,
    );
  });

  it('says so when there was nothing to offer', () => {
    const login = {offered: [], accepts: ['publickey'], notes: [], passwordSent: false};
    const abort = connectFailure(error('All configured authentication methods failed'), {...going, login});
    expect(abort.message).toBe('There is nothing to log in to the primary (root@claw) with.');
    expect(abort.next[0]).toContain('ssh-add');
  });
});
