import {describe, expect, test} from 'vitest';
import {callGateway, GatewayRefusal} from '../../src/monitor/gateway-call.js';
import {gateway, type Frame} from './gateway-socket.js';

const call = (where: {address: string; port: number}, timeoutMs = 2000) =>
  callGateway({gateway: where, token: 'secret', method: 'channels.status', timeoutMs});

describe('a call to the gateway of this host', () => {
  test('connects with the token as a reader, calls, and gives back what came', async () => {
    const seen: Frame[] = [];
    const where = await gateway((frame, send) => {
      seen.push(frame);
      send({type: 'event', event: 'health', payload: {}});
      send({type: 'res', id: frame['id'], ok: true, payload: {of: frame['method']}});
    });
    expect(await call(where)).toEqual({of: 'channels.status'});
    expect(seen[0]).toMatchObject({
      method: 'connect',
      params: {
        client: {id: 'gateway-client', mode: 'backend'},
        scopes: ['operator.read'],
        auth: {token: 'secret'},
      },
    });
    expect(seen[1]).toMatchObject({method: 'channels.status', params: {}});
  });

  test('a gateway that refuses says why, and it is known as a refusal', async () => {
    const where = await gateway((frame, send) =>
      send({type: 'res', id: frame['id'], ok: false, error: {message: 'protocol mismatch'}}),
    );
    const refused = call(where);
    await expect(refused).rejects.toBeInstanceOf(GatewayRefusal);
    await expect(refused).rejects.toThrow('the gateway refuses: protocol mismatch');
  });

  test('a gateway that hangs up is a refusal too; one that says nothing, and none at all, are not', async () => {
    const rude = await gateway((_frame, _send, socket) => socket.destroy());
    await expect(call(rude)).rejects.toThrow(/the gateway (closed the connection|cannot be reached)/);
    const silent = await gateway(() => {});
    const waited = call(silent, 200);
    await expect(waited).rejects.toThrow('the gateway did not answer in time');
    await expect(waited).rejects.not.toBeInstanceOf(GatewayRefusal);
    await expect(call({address: '127.0.0.1', port: 1})).rejects.toThrow('the gateway cannot be reached');
  });
});
