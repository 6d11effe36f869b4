import type {Endpoint} from './witness.js';

export interface GatewayCall {
  gateway: Endpoint;
  /** The gateway's own token. */
  token: string;
  method: string;
  params?: Record<string, unknown>;
  /** Of OpenClaw's operator scopes. Default: reading. */
  scope?: 'operator.read' | 'operator.admin';
  /** The whole call, connect included. */
  timeoutMs: number;
}

/** bytes of one frame; a channel status is some kilobytes. */
const mostBytes = 1 << 20;
/** Version of the gateway's protocol that this was written for; another one is refused in its handshake. */
const protocol = 4;

/** The gateway is there and does not want to talk like this. */
export class GatewayRefusal extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'GatewayRefusal';
  }
}

/**
 * One call to the gateway of this host over its WebSocket, as OpenClaw's own helpers make it (protocol.md, "Handshake":
 * id `gateway-client`, mode `backend`, on loopback with the shared token). It costs some ms of CPU where the
 * `openclaw` program needs 2 s.
 * @throws GatewayRefusal, and Error when nobody answers or not in time
 */
export function callGateway(call: GatewayCall): Promise<unknown> {
  const {gateway, timeoutMs} = call;
  return new Promise((resolve, reject) => {
    const host = gateway.address.includes(':') ? `[${gateway.address}]` : gateway.address;
    const socket = new WebSocket(`ws://${host}:${gateway.port}`);
    const end = (error: Error | undefined, payload?: unknown) => {
      clearTimeout(timer);
      socket.close();
      if (error) reject(error);
      else resolve(payload);
    };
    const timer = setTimeout(() => end(new Error('the gateway did not answer in time')), timeoutMs);
    socket.addEventListener('error', () => end(new Error('the gateway cannot be reached')));
    socket.addEventListener('close', () => end(new GatewayRefusal('the gateway closed the connection')));
    socket.addEventListener('message', ({data}) => {
      const step = answerTo(call, parse(data));
      if (step.kind === 'send') socket.send(JSON.stringify(step.frame));
      if (step.kind === 'failed') end(new GatewayRefusal(step.why));
      if (step.kind === 'answer') end(undefined, step.payload);
    });
  });
}

type Step =
  | {kind: 'send'; frame: unknown}
  | {kind: 'answer'; payload: unknown}
  | {kind: 'failed'; why: string}
  /** Events for people's clients. */
  | {kind: 'ignore'};

/** What follows from a frame of the gateway: challenge, connect, call, answer. */
function answerTo(call: GatewayCall, frame: Record<string, unknown>): Step {
  if (frame['event'] === 'connect.challenge') return {kind: 'send', frame: connectFrame(call)};
  if (frame['id'] !== 'connect' && frame['id'] !== 'call') return {kind: 'ignore'};
  if (frame['ok'] !== true) return {kind: 'failed', why: `the gateway refuses: ${errorOf(frame)}`};
  if (frame['id'] === 'call') return {kind: 'answer', payload: frame['payload']};
  const {method, params = {}} = call;
  return {kind: 'send', frame: {type: 'req', id: 'call', method, params}};
}

const connectFrame = ({token, scope = 'operator.read'}: GatewayCall) => ({
  type: 'req',
  id: 'connect',
  method: 'connect',
  params: {
    minProtocol: protocol,
    maxProtocol: protocol,
    client: {id: 'gateway-client', version: '1.0.0', platform: process.platform, mode: 'backend'},
    role: 'operator',
    scopes: [scope],
    caps: [],
    auth: {token},
  },
});

function errorOf({error}: Record<string, unknown>): string {
  const message =
    typeof error === 'object' && error !== null ? (error as Record<string, unknown>)['message'] : '';
  return typeof message === 'string' ? message.slice(0, 200) : 'no reason given';
}

function parse(data: unknown): Record<string, unknown> {
  if (typeof data !== 'string' || data.length > mostBytes) return {};
  try {
    const tree: unknown = JSON.parse(data);
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
