import {describe, expect, it} from 'vitest';
import {overAnswers, overFlags} from '../../src/pair/merge.js';

const saved = {
  name: 'default',
  primary: {ssh: 'root@a', hostKey: 'SHA256:x', expose: 'bind'},
  channel: {
    type: 'discord',
    account: 'default',
    settings: {dmPolicy: 'allowlist', allowFrom: ['1']},
    secrets: {token: {env: 'T'}},
  },
  model: {primary: 'a/b', fallbacks: ['a/c']},
};

describe('an answers file over the saved pair', () => {
  it('wins, and leaves the sections that it does not have', () => {
    const result = overAnswers(saved, {model: {primary: 'x/y'}});
    expect(result['model']).toEqual({primary: 'x/y'});
    expect(result['channel']).toEqual(saved.channel);
  });

  it('takes a key away by not having it any more', () => {
    const result = overAnswers(saved, {channel: {type: 'discord', settings: {dmPolicy: 'open'}}});
    expect(result['channel']).toEqual({type: 'discord', settings: {dmPolicy: 'open'}});
  });

  it('keeps what is known about the same server', () => {
    expect(overAnswers(saved, {primary: {ssh: 'root@a', jump: 'j'}})['primary']).toEqual({
      ssh: 'root@a',
      jump: 'j',
      hostKey: 'SHA256:x',
      expose: 'bind',
    });
  });

  it('keeps nothing of another server: its host key and the consent were for the old one', () => {
    expect(overAnswers(saved, {primary: {ssh: 'root@b'}})['primary']).toEqual({ssh: 'root@b'});
  });
});

describe('flags over everything', () => {
  it('change one value and leave its neighbours', () => {
    const result = overFlags(saved, {channel: {settings: {dmPolicy: 'open'}}, primary: {jump: 'j'}});
    expect(result['channel']).toEqual({...saved.channel, settings: {dmPolicy: 'open', allowFrom: ['1']}});
    expect(result['primary']).toEqual({...saved.primary, jump: 'j'});
  });

  it('replace a secret source whole', () => {
    const result = overFlags(saved, {channel: {secrets: {token: {file: '/t'}}}});
    expect(result['channel']).toMatchObject({secrets: {token: {file: '/t'}}});
    expect(JSON.stringify(result)).not.toContain('"env"');
  });

  it('that name another channel leave nothing of the old one', () => {
    expect(overFlags(saved, {channel: {type: 'irc'}})['channel']).toEqual({type: 'irc'});
  });

  it('do not change what is below', () => {
    const before = structuredClone(saved);
    overFlags(saved, {channel: {settings: {dmPolicy: 'open'}}});
    expect(saved).toEqual(before);
  });
});

describe('what is said of drills', () => {
  const before = {...saved, drill: {rtoS: 60, probe: {kind: 'command', path: '/opt/ask'}}};

  it('stays where an answers file and flags say nothing of it', () => {
    expect(overAnswers(before, {model: {primary: 'x/y'}})['drill']).toEqual(before.drill);
    expect(overFlags(before, {model: {primary: 'x/y'}})['drill']).toEqual(before.drill);
  });

  it('is replaced whole by an answers file: a target that was removed from it is gone', () =>
    expect(overAnswers(before, {drill: {rpoS: 600}})['drill']).toEqual({rpoS: 600}));

  it('is changed value by value by flags', () =>
    expect(overFlags(before, {drill: {rpoS: 600}})['drill']).toEqual({...before.drill, rpoS: 600}));
});
