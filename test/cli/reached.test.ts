import {describe, expect, it} from 'vitest';
import {reachedOf} from '../../src/cli/reached.js';

const blob = Buffer.from('0000000b7373682d65643235353139', 'hex');
const pins = {
  get: (name: string) =>
    name === '[127.0.0.1]:2222' ? [{type: 'ssh-ed25519', blob, file: 'pins', line: 1}] : [],
};
const endpoint = {host: '127.0.0.1', port: 2222, user: 'root'};

describe('how a host is reached', () => {
  it('is its address, its port and its pinned keys', async () =>
    expect(await reachedOf({endpoint, keyName: '[127.0.0.1]:2222', direct: true}, pins)).toEqual({
      addresses: ['127.0.0.1'],
      port: 2222,
      hostKeys: [`ssh-ed25519 ${blob.toString('base64')}`],
    }));
  it('behind a jump host is no address that anybody else could use', async () =>
    expect(await reachedOf({endpoint, keyName: 'x', direct: false}, pins)).toMatchObject({
      addresses: [],
      hostKeys: [],
    }));
  it('by a name that is not resolved any more is no address either', async () => {
    const host = {endpoint: {...endpoint, host: 'claw.invalid'}, keyName: 'x', direct: true};
    expect(await reachedOf(host, pins)).toMatchObject({addresses: []});
  });
});
