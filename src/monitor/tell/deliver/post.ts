import type {ClientRequest, IncomingMessage, RequestOptions} from 'node:http';
import {readFileSync} from 'node:fs';

export interface Posting {
  method: 'GET' | 'POST';
  url: URL;
  headers: Record<string, string>;
  body?: string;
  /** ms, all of it: name, connection, TLS, and the answer's status. */
  timeoutMs: number;
}

export type Answer =
  | {kind: 'status'; status: number; retryAfterMs: number}
  /** `what`: one short line without the URL. */
  | {kind: 'failed'; what: string};

/**
 * One request on a connection of its own: no redirects, no proxy, bounded in time. It is done when the status is
 * there: whatever the server sends after that, slowly or without end, is not read. Never throws.
 */
export async function post({method, url, headers, body, timeoutMs}: Posting): Promise<Answer> {
  // Only the child that delivers pays for TLS.
  const {request} = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  return new Promise((resolve) => {
    let attempt: ClientRequest | undefined;
    const finish = (answer: Answer) => {
      clearTimeout(timer);
      resolve(answer);
      attempt?.destroy();
    };
    const timer = setTimeout(
      () => finish({kind: 'failed', what: `no answer within ${Math.round(timeoutMs / 100) / 10} s`}),
      timeoutMs,
    );
    const options: RequestOptions & {ca?: string[]} = {
      method,
      agent: false,
      maxHeaderSize: 16_384,
      headers: {
        connection: 'close',
        'user-agent': 'openclaw-failover-monitor',
        ...headers,
        ...(body !== undefined && {'content-length': String(Buffer.byteLength(body))}),
      },
      ...(url.protocol === 'https:' && trustOfHost()),
    };
    try {
      attempt = request(url, options);
    } catch {
      // A header or URL that Node refuses.
      finish({kind: 'failed', what: 'the URL cannot be used'});
      return;
    }
    attempt.on('error', (error: NodeJS.ErrnoException) => finish({kind: 'failed', what: whatFailed(error)}));
    attempt.on('response', (response: IncomingMessage) => {
      response.on('error', () => {});
      finish({
        kind: 'status',
        status: response.statusCode ?? 0,
        retryAfterMs: retryAfter(response.headers['retry-after'], Date.now()),
      });
    });
    attempt.end(body);
  });
}

/** Seconds or a date, as ms from now; 0 for anything else. */
export function retryAfter(text: string | undefined, wallMs: number): number {
  if (text === undefined) return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? 0 : Math.max(0, ms - wallMs);
}

const words: Record<string, string> = {
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'names cannot be resolved just now',
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  ENETUNREACH: 'no way out',
  EHOSTUNREACH: 'no way there',
  ETIMEDOUT: 'no answer',
};

/** By the code alone: the message may hold the URL. */
function whatFailed({code = 'ERROR'}: NodeJS.ErrnoException): string {
  const short = code.slice(0, 60);
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(short)) return `TLS: ${short}`;
  return words[short] ? `${words[short]} (${short})` : short;
}

/** What this host trusts, its own authorities included; without such a file what Node brings along. */
function trustOfHost(): {ca?: string[]} {
  try {
    return {ca: [readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8')]};
  } catch {
    return {};
  }
}
