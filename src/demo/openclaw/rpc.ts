import {timingSafeEqual, createHash, randomUUID} from 'node:crypto';
import {isTree, type Tree} from '../../channels/program/plain-object.js';
import type {WebSocketEnd} from './web-socket.js';

/** Version of the gateway's protocol. */
const protocol = 4;
/** ms that a client has for its connect. */
const connectLimitMs = 10_000;

export type Phase = 'starting' | 'started' | 'draining';

/** What a client may ask for; a method that throws is answered with its message. */
export interface Methods {
  [method: string]: {scope: 'operator.read' | 'operator.admin'; run: (params: Tree) => unknown};
}

export interface Rpc {
  version: string;
  token: string | undefined;
  phase: () => Phase;
  methods: Methods;
}

/** The gateway's side of one connection: challenge, connect, calls. @returns what hears the client */
export function attend(end: WebSocketEnd, {version, token, phase, methods}: Rpc): (text: string) => void {
  let scopes: string[] | undefined;
  const timer = setTimeout(() => scopes ?? end.close(1008, 'connect expected'), connectLimitMs);
  timer.unref();
  const send = (frame: Tree) => end.send(JSON.stringify(frame));
  const refuse = (id: unknown, code: string, message: string, more: Tree = {}) =>
    send({type: 'res', id, ok: false, error: {code, message, ...more}});
  send({type: 'event', event: 'connect.challenge', payload: {nonce: randomUUID(), ts: Date.now()}});

  const connect = (id: unknown, params: Tree): void => {
    const no = (code: string, message: string, more?: Tree) => {
      refuse(id, code, message, more);
      end.close(1008, message);
    };
    const now = phase();
    if (now !== 'started') {
      const words =
        now === 'starting' ? 'gateway starting; retry shortly' : 'gateway draining; retry shortly';
      return no('UNAVAILABLE', words, {retryable: true, retryAfterMs: 500});
    }
    if (!(Number(params.minProtocol) <= protocol && protocol <= Number(params.maxProtocol)))
      return no('INVALID_REQUEST', 'protocol mismatch', {details: {expectedProtocol: protocol}});
    const auth = isTree(params.auth) ? params.auth : {};
    const given = auth.token ?? auth.password;
    if (token !== undefined && (given === undefined || given === ''))
      return no('INVALID_REQUEST', 'unauthorized: gateway token missing');
    if (token !== undefined && !sameToken(String(given), token))
      return no('INVALID_REQUEST', 'unauthorized: gateway token mismatch');
    scopes = Array.isArray(params.scopes) ? params.scopes.map(String) : [];
    clearTimeout(timer);
    const payload = {
      type: 'hello-ok',
      protocol,
      server: {version, connId: randomUUID()},
      features: {methods: Object.keys(methods), events: ['connect.challenge']},
      auth: {role: 'operator', scopes},
    };
    send({type: 'res', id, ok: true, payload});
  };

  const call = (id: unknown, method: string, params: Tree): void => {
    const found = Object.hasOwn(methods, method) ? methods[method] : undefined;
    if (!found) return refuse(id, 'INVALID_REQUEST', `unknown method: ${method} (this is a stand-in)`);
    if (!scopes?.includes(found.scope) && !scopes?.includes('operator.admin'))
      return refuse(id, 'INVALID_REQUEST', `missing scope: ${found.scope}`);
    try {
      send({type: 'res', id, ok: true, payload: found.run(params)});
    } catch (error) {
      refuse(id, 'INVALID_REQUEST', (error as Error).message);
    }
  };

  return (text) => {
    const frame = parse(text);
    if (!frame || frame.type !== 'req') return end.close(1008, 'invalid request frame');
    const params = isTree(frame.params) ? frame.params : {};
    if (scopes) call(frame.id, String(frame.method), params);
    else if (frame.method === 'connect') connect(frame.id, params);
    else end.close(1008, 'connect expected');
  };
}

function parse(text: string): Tree | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isTree(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** In a time that says nothing about where they differ. */
export function sameToken(one: string, other: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
