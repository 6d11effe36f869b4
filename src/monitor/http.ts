import http from 'node:http';

export interface HttpRequest {
  address: string;
  port: number;
  path: string;
  /** Own address to connect from. */
  from?: string;
  connectTimeoutMs: number;
  /** The whole request, connect included. */
  timeoutMs: number;
  maxBodyBytes: number;
}

export type HttpOutcome =
  | {kind: 'answer'; status: number; body: string}
  /** The answer is longer than allowed. */
  | {kind: 'too-long'; status: number}
  /** Connected, and no complete answer in time. */
  | {kind: 'hung'}
  /** Not connected in time. */
  | {kind: 'no-connection'}
  /** A socket or HTTP error; `connected` tells on which side of the handshake. */
  | {kind: 'error'; code: string; connected: boolean};

/**
 * One GET on a connection of its own: no redirects, no proxy, no keep-alive, bounded in time and size whatever the
 * other side does. Never throws.
 */
export function get(request: HttpRequest): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    let connected = false;
    const attempt = http.request({
      host: request.address,
      port: request.port,
      path: request.path,
      localAddress: request.from,
      agent: false,
      maxHeaderSize: 8192,
      // Short: they go out 17,000 times a day, and the budget for all of it is 20 MB.
      headers: {connection: 'close', 'user-agent': 'failover-monitor'},
    });
    const finish = (outcome: HttpOutcome) => {
      clearTimeout(connecting);
      clearTimeout(whole);
      resolve(outcome);
      // An error after this is expected: the connection is cut whatever its state.
      attempt.destroy();
    };
    const connecting = setTimeout(() => finish({kind: 'no-connection'}), request.connectTimeoutMs);
    const whole = setTimeout(() => finish({kind: connected ? 'hung' : 'no-connection'}), request.timeoutMs);
    attempt.on('socket', (socket) =>
      socket.once('connect', () => {
        connected = true;
        clearTimeout(connecting);
      }),
    );
    attempt.on('error', (error: NodeJS.ErrnoException) =>
      finish({kind: 'error', code: error.code ?? 'ERROR', connected}),
    );
    attempt.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > request.maxBodyBytes) finish({kind: 'too-long', status});
        else parts.push(part);
      });
      response.on('end', () => finish({kind: 'answer', status, body: Buffer.concat(parts).toString('utf8')}));
      response.on('error', (error: NodeJS.ErrnoException) =>
        finish({kind: 'error', code: error.code ?? 'ERROR', connected: true}),
      );
    });
    attempt.end();
  });
}
