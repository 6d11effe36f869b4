import {describe, expect, it} from 'vitest';
import {gitHostOf, isSafeRemote, isSshRemote, sameRemote} from '../../src/gateway/remote.js';

describe('git remotes', () => {
  it.each([
    ['git@github.com:me/workspace.git', true, 'github.com'],
    ['ssh://git@git.example.org/me/w.git', true, 'git.example.org'],
    ['ssh://git@git.example.org:2222/me/w.git', true, '[git.example.org]:2222'],
    ['work:me/w.git', true, 'work'],
    ['git@[2001:db8::1]:w.git', true, '2001:db8::1'],
    ['./odd:name/w.git', false, undefined],
    ['/srv/a:b/w.git', false, undefined],
    ['file:///srv/git/w.git', false, undefined],
    ['https://github.com/me/w.git', false, undefined],
    ['/srv/git/w.git', false, undefined],
  ])('%s: over SSH %s, known as %s', (remote, ssh, host) => {
    expect(isSshRemote(remote)).toBe(ssh);
    expect(gitHostOf(remote)).toBe(host);
  });
  it.each([
    ['--upload-pack=x', false],
    ['ext::sh -c x', false],
    ['git@host:a b', false],
    ['git@host:ab', true],
    ['https://h/x.git', true],
  ])('%s is safe to hand to git: %s', (remote, safe) => expect(isSafeRemote(remote)).toBe(safe));
  it('ignores .git and a trailing slash when comparing', () => {
    expect(sameRemote('https://h/x.git', 'https://h/x/')).toBe(true);
    expect(sameRemote('https://h/x.git', 'https://h/y')).toBe(false);
    expect(sameRemote(undefined, undefined)).toBe(false);
  });
});
