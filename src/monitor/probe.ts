import type {GatewayView, ProbeClass, ProbeResult} from './evidence.js';
import {get, type HttpOutcome} from './http.js';
import type {MonitorSettings} from './settings.js';

type Verdict = {class: ProbeClass; detail: string};

/** Errors of this host's own network: they say nothing about the primary. */
const ownErrors = new Set([
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'EPERM',
  'EACCES',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
]);

/**
 * Asks the primary's gateway how it is: /startupz, or /healthz where the gateway is too old to know that path.
 * Bounded by the settings' timeouts; never throws.
 */
export async function probePrimary({primary, probe}: MonitorSettings): Promise<ProbeResult> {
  const startedMs = performance.now();
  const ask = (path: string) =>
    get({
      ...primary,
      ...probe,
      path,
      timeoutMs: Math.max(1, probe.timeoutMs - (performance.now() - startedMs)),
    });
  let verdict = judgeStartup(await ask('/startupz'));
  if (!verdict) verdict = judgeHealth(await ask('/healthz'));
  return {...verdict, tookMs: Math.round((performance.now() - startedMs) * 10) / 10};
}

/** Whether the standby's own gateway answers, and says that it is ready. Never throws. */
export async function probeGateway({gateway, probe}: MonitorSettings): Promise<GatewayView> {
  const ask = async (path: string) => {
    const outcome = await get({...gateway, ...probe, path});
    return outcome.kind === 'answer' ? {status: outcome.status, tree: parseObject(outcome.body)} : undefined;
  };
  const [health, ready] = await Promise.all([ask('/healthz'), ask('/readyz')]);
  return {
    live: health?.status === 200 && health.tree?.['ok'] === true,
    ready: ready?.status === 200 && ready.tree?.['ready'] === true,
  };
}

/** undefined: this path is not known there, ask the other one. */
export function judgeStartup(outcome: HttpOutcome): Verdict | undefined {
  if (outcome.kind !== 'answer') return judgeFailure(outcome);
  const {status, body} = outcome;
  const said = parseObject(body)?.['status'];
  if (status === 200 && said === 'started') return {class: 'ok', detail: ''};
  if (status === 503 && (said === 'starting' || said === 'draining')) return {class: said, detail: ''};
  // An older gateway: 404, or its HTML page for every unknown path.
  if (status === 404 || status === 200) return undefined;
  return {class: 'http-bad', detail: `HTTP ${status} at /startupz`};
}

export function judgeHealth(outcome: HttpOutcome): Verdict {
  if (outcome.kind !== 'answer') return judgeFailure(outcome);
  const {status, body} = outcome;
  const tree = parseObject(body);
  if (status === 200 && tree?.['ok'] === true) return {class: 'ok', detail: ''};
  if (status === 200 || status === 404)
    return {class: 'wrong-service', detail: `HTTP ${status} at /healthz without a gateway's answer`};
  return {class: 'http-bad', detail: `HTTP ${status} at /healthz`};
}

function judgeFailure(outcome: Exclude<HttpOutcome, {kind: 'answer'}>): Verdict {
  switch (outcome.kind) {
    case 'too-long':
      return {class: 'wrong-service', detail: 'the answer is longer than a health answer'};
    case 'hung':
      return {class: 'hung', detail: 'no complete answer in time'};
    case 'no-connection':
      return {class: 'unreachable', detail: 'no connection in time'};
    case 'error':
      return judgeError(outcome.code, outcome.connected);
  }
}

function judgeError(code: string, connected: boolean): Verdict {
  if (code.startsWith('HPE_')) return {class: 'wrong-service', detail: 'the answer is not HTTP'};
  if (connected) return {class: 'http-bad', detail: `the connection was cut: ${code}`};
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET') return {class: 'refused', detail: code};
  if (ownErrors.has(code)) return {class: 'own-network-bad', detail: code};
  return {class: 'unreachable', detail: code};
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const tree: unknown = JSON.parse(body);
    return typeof tree === 'object' && tree !== null ? (tree as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
