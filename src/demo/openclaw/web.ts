import {once} from 'node:events';
import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import type {Listening} from './listen.js';
import {attend, sameToken, type Rpc} from './rpc.js';
import {acceptWebSocket, type WebSocketEnd} from './web-socket.js';

const page = `<!doctype html><meta charset="utf-8"><title>Rehearsal gateway</title>
<p>This is the stand-in of failover-wizard's rehearsal, not OpenClaw.</p>
`;

/** What the gateway serves: health, a page, and its protocol over WebSocket. */
export class Web {
  readonly #servers: Server[] = [];
  readonly #clients = new Set<WebSocketEnd>();
  readonly #sinceMs = performance.now();

  constructor(
    private readonly rpc: Rpc,
    /** Names of what keeps it from being ready, and of channels that are not started. */
    private readonly state: () => {failing: string[]; suppressed: string[]},
  ) {}

  /** @throws Error with a code (EADDRNOTAVAIL, EADDRINUSE) where it cannot listen */
  async listen({addresses, port}: Listening): Promise<void> {
    for (const host of addresses) {
      const server = createServer({requestTimeout: 10_000, headersTimeout: 10_000, keepAliveTimeout: 5_000});
      server.maxConnections = 200;
      server.on('request', (request, response) => this.#answer(request, response));
      server.on('upgrade', (request, socket, head) => {
        let hear: ((text: string) => void) | undefined;
        const end = acceptWebSocket(request, socket, head, (text) => hear?.(text));
        if (!end) return;
        this.#clients.add(end);
        socket.on('close', () => this.#clients.delete(end));
        hear = attend(end, this.rpc);
      });
      server.listen({host, port});
      // One after the other: of an address that is missing the first error is told.
      // oxlint-disable-next-line no-await-in-loop
      await once(server, 'listening');
      server.on('error', () => undefined);
      this.#servers.push(server);
    }
  }

  close(): void {
    for (const client of this.#clients) client.close(1012, 'service restart');
    for (const server of this.#servers) {
      server.close();
      server.closeAllConnections();
    }
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.on('error', () => request.destroy());
    response.on('error', () => response.destroy());
    const phase = this.rpc.phase();
    const path = (request.url ?? '/').split('?', 1)[0];
    if (path === '/healthz' || path === '/health') return json(response, 200, {ok: true, status: 'live'});
    if (path === '/startupz') return json(response, phase === 'started' ? 200 : 503, {status: phase});
    if (path === '/readyz' || path === '/ready') {
      const {failing, suppressed} = this.state();
      const ready = failing.length === 0;
      const more = {failing, suppressed, uptimeMs: Math.round(performance.now() - this.#sinceMs)};
      return json(response, ready ? 200 : 503, {ready, ...(this.#tellsAll(request) && more)});
    }
    response.writeHead(200, {'content-type': 'text/html; charset=utf-8'}).end(page);
  }

  /** The names are for whoever is on this host, or has the token. */
  #tellsAll({socket, headers}: IncomingMessage): boolean {
    const from = socket.remoteAddress ?? '';
    if (from === '127.0.0.1' || from === '::1' || from === '::ffff:127.0.0.1') return true;
    const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
    return bearer !== undefined && this.rpc.token !== undefined && sameToken(bearer, this.rpc.token);
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, {'content-type': 'application/json'}).end(JSON.stringify(body));
}
