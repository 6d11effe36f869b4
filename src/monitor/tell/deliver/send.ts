import {textOf, type Message} from '../message.js';
import type {Listener, Target} from '../targets.js';
import {runCommand} from './command.js';
import {post, type Answer, type Posting} from './post.js';

/** null: taken. */
export type Refusal = {error: string; refused: boolean; askedMs: number} | null;
export type Secrets = ReadonlyMap<string, string>;

/** ms that an operator's program may take for one message. */
export const commandMs = 10_000;

const failed = (error: string): Refusal => ({error, refused: false, askedMs: 0});

/** Sends one message to one target; never throws. */
export async function send(
  target: Listener,
  message: Message,
  secrets: Secrets,
  timeoutMs: number,
): Promise<Refusal> {
  if (target.kind === 'command') {
    const error = await runCommand(target.path, `${JSON.stringify(bodyOf(message))}\n`, timeoutMs);
    return error === null ? null : failed(error);
  }
  const posting =
    target.kind === 'webhook' ? webhook(target, message, secrets) : ntfy(target, message, secrets);
  return typeof posting === 'string'
    ? failed(posting)
    : judge(await post({...posting, method: 'POST', timeoutMs}));
}

/** Asks for the URL that is missed when nobody does. */
export async function ping(
  target: Extract<Target, {kind: 'ping'}>,
  secrets: Secrets,
  timeoutMs: number,
): Promise<Refusal> {
  const url = urlOf(secrets.get(target.url));
  if (!url) return failed(noUrl(target.url));
  return judge(await post({method: 'GET', url, headers: {}, timeoutMs}));
}

type Prepared = Pick<Posting, 'url' | 'headers' | 'body'>;

/**
 * The message, and the two keys that chats read: Slack and Mattermost take `text`, Discord takes `content` and is
 * told to ring nobody by name.
 */
export function bodyOf(message: Message): Record<string, unknown> {
  // In Slack <!everyone> is a call; no sentence of ours needs these signs.
  const text = textOf(message).replaceAll('<', '‹').replaceAll('>', '›');
  return {...message, text, content: text.slice(0, 1900), allowed_mentions: {parse: []}};
}

function webhook(
  target: Extract<Target, {kind: 'webhook'}>,
  message: Message,
  secrets: Secrets,
): Prepared | string {
  const url = urlOf(secrets.get(target.url));
  if (!url) return noUrl(target.url);
  return {
    url,
    headers: {'content-type': 'application/json', 'idempotency-key': message.id},
    body: JSON.stringify(bodyOf(message)),
  };
}

/** Published as JSON, so that the topic is in no URL. */
function ntfy(
  target: Extract<Target, {kind: 'ntfy'}>,
  message: Message,
  secrets: Secrets,
): Prepared | string {
  const url = urlOf(target.server);
  const topic = secrets.get(target.topic);
  const token = target.token === undefined ? undefined : secrets.get(target.token);
  if (!url) return 'its server is not an http or https URL';
  if (!topic) return `${target.topic} is not in notify.env`;
  if (target.token !== undefined && !token) return `${target.token} is not in notify.env`;
  const [title = '', ...lines] = textOf(message).split('\n');
  return {
    url,
    headers: {
      'content-type': 'application/json',
      'idempotency-key': message.id,
      ...(token && {authorization: `Bearer ${token}`}),
    },
    body: JSON.stringify({
      topic,
      title,
      message: lines.join('\n'),
      priority: message.act ? 5 : {alert: 4, warning: 3, info: 2}[message.level],
      tags: [message.act ? 'rotating_light' : message.level === 'alert' ? 'warning' : 'information_source'],
    }),
  };
}

function urlOf(text: string | undefined): URL | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) ? url : undefined;
}

const noUrl = (name: string) => `${name} in notify.env is missing, or is not an http or https URL`;

/** Statuses that say "later", not "no". */
const later = new Set([408, 425, 429]);

function judge(answer: Answer): Refusal {
  if (answer.kind === 'failed') return failed(answer.what);
  const {status, retryAfterMs: askedMs} = answer;
  if (status >= 200 && status < 300) return null;
  const redirect = status >= 300 && status < 400 ? '; redirects are not followed' : '';
  return {error: `HTTP ${status}${redirect}`, refused: status < 500 && !later.has(status), askedMs};
}
