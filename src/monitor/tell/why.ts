import type {Asked, ProbeClass} from '../evidence.js';
import type {Evidence, MonitorEvent} from '../events.js';
import {duration} from '../say.js';

const probeWords: Record<ProbeClass, string> = {
  ok: 'was well',
  starting: 'was starting',
  draining: 'was draining',
  'http-bad': 'answered with an error',
  'wrong-service': 'was answered by something that is no OpenClaw gateway',
  hung: 'was accepted and never answered',
  refused: 'was refused',
  unreachable: 'got no answer',
  'own-network-bad': 'did not leave the standby',
};

const askedWords: Record<Exclude<Asked['kind'], 'report'>, string> = {
  refused: 'it is up, and refuses the key',
  slow: 'it answers, too slowly to be asked',
  'other-host': 'another host answers',
  mute: 'the primary takes connections and nothing on it answers',
  silent: 'no answer',
  unavailable: 'that is not set up or did not work',
};

/** The evidence of an event in words: what a person would ask next. Empty when nothing was known. Pure. */
export function whyOf({evidence, durations}: MonitorEvent): string {
  const parts = [
    probe(evidence),
    durations.sinceLastOkMs !== undefined && evidence.probe?.class !== 'ok'
      ? `the last good answer is ${duration(durations.sinceLastOkMs)} old`
      : '',
    saidItself(evidence.asked),
    evidence.publicPath ? `its public address ${evidence.publicPath.alive ? 'answers' : 'is silent'}` : '',
    evidence.witness
      ? `the network of the standby ${evidence.witness.alive ? 'is up' : 'is down'} (${evidence.witness.by})`
      : '',
    ownGateway(evidence),
    evidence.channel
      ? `its channel account is ${evidence.channel.connected ? 'connected' : `not connected (${evidence.channel.detail})`}`
      : '',
    evidence.promotions > 1 ? `${evidence.promotions} takeovers in the last while` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : `${capital(parts.join('; '))}.`;
}

function probe({probe: last, bad}: Evidence): string {
  if (!last) return '';
  const detail = last.detail ? ` (${last.detail})` : '';
  const count = bad !== undefined && bad > 1 ? `, ${bad} bad probes in a row` : '';
  return `the newest probe of the primary ${probeWords[last.class]}${detail}${count}`;
}

/** What the primary itself says over SSH. */
function saidItself(asked: Evidence['asked']): string {
  if (!asked) return '';
  if (asked.kind !== 'report') return `the primary was asked over SSH: ${askedWords[asked.kind]}`;
  const {unit, result, exitCode, loopback} = asked.report;
  const how = unit === 'failed' ? ` (${result}${exitCode === 0 ? '' : `, exit code ${exitCode}`})` : '';
  return `the primary says its gateway's unit is ${unit}${how} and answers itself: ${loopback}`;
}

function ownGateway({unit, gateway}: Evidence): string {
  if (!unit || unit.state === 'stopped') return '';
  const result = unit.result === 'success' || unit.result === '' ? '' : `, ${unit.result}`;
  const code = unit.exitCode === 0 ? '' : `, exit code ${unit.exitCode}`;
  const ready = gateway && unit.state === 'running' ? (gateway.ready ? ', ready' : ', not ready') : '';
  return `the standby's own gateway is ${unit.state}${result}${code}${ready}`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
