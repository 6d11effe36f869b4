import {callGateway} from '../../monitor/gateway-call.js';
import {loadConfig} from './config.js';
import {listeningOf} from './listen.js';
import type {Place} from './place.js';

/**
 * One call to the running gateway of this place.
 * @param timeoutMs the whole call
 * @throws Error in one sentence when it is not there, refuses, or does not answer in time
 */
export async function askGateway(
  place: Place,
  method: string,
  params: Record<string, unknown>,
  timeoutMs: number,
): Promise<unknown> {
  const listening = listeningOf(loadConfig(place));
  if ('refused' in listening) throw new Error(listening.refused);
  const {addresses, port, token = ''} = listening;
  const address = addresses.find((one) => one.startsWith('127.')) ?? addresses[0]!;
  return callGateway({
    gateway: {address: address === '0.0.0.0' ? '127.0.0.1' : address, port},
    token,
    method,
    params,
    scope: method === 'channels.status' ? 'operator.read' : 'operator.admin',
    timeoutMs,
  });
}
