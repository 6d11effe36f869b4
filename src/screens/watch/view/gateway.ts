import {isActive} from '../../../monitor/memory.js';
import {clean} from '../../clip.js';
import {count, duration} from '../../format.js';
import {dim, span, type Line} from '../../line.js';
import {glyph} from '../../theme.js';
import type {HostSample, WatchSample} from '../model/sample.js';
import {fewerAndFewer, oneRow, said, unknown, warning, type Item} from './item.js';

type Gateway = Exclude<HostSample['gateway'], {unknown: string}>;

const forms: Readonly<Record<string, string>> = {
  'user-unit': 'user unit',
  'system-unit': 'system unit',
  compose: 'Compose',
  podman: 'podman',
  foreground: 'started by hand',
};

/** The gateway's state, how long it has been up, and what it is: on the standby beside what it ought to be. */
export function gatewayItem(sample: WatchSample, host: HostSample): Item {
  const {gateway} = host;
  if ('unknown' in gateway) return oneRow('gateway', 0, [[unknown(clean(gateway.unknown))]]);
  const wordings = host.host === 'primary' ? ofPrimary(gateway) : ofStandby(sample, gateway);
  return oneRow('gateway', 0, wordings);
}

const upFor = ({upS}: Gateway): Line => (upS === null ? [] : [span(duration(upS * 1000))]);
const again = ({restarts}: Gateway): Line => (restarts === 0 ? [] : [dim(count(restarts, 'restart'))]);

const formOf = ({form}: Gateway): Line => (Object.hasOwn(forms, form) ? [dim(forms[form]!)] : []);

function ofPrimary(gateway: Gateway): Line[] {
  switch (gateway.state) {
    case 'running':
      return fewerAndFewer([
        [said(glyph.well, 'running', 'good')],
        upFor(gateway),
        again(gateway),
        formOf(gateway),
      ]);
    case 'starting':
    case 'stopping':
      return fewerAndFewer([[warning(gateway.state)], upFor(gateway), again(gateway), formOf(gateway)]);
    case 'stopped':
    case 'failed':
      return fewerAndFewer([[failedWords(gateway)], formOf(gateway)]);
    case 'absent':
      return [[said(glyph.failed, 'there is none', 'bad')]];
    case 'unknown':
      return [[unknown('state not known')]];
  }
}

function failedWords({state, result}: Gateway) {
  const why = result === '' || result === 'success' ? '' : `, ${clean(result)}`;
  return said(glyph.failed, `${state}${why}`, 'bad');
}

function ofStandby({monitor}: WatchSample, gateway: Gateway): Line[] {
  const wanted = monitor.known && isActive(monitor.state);
  if (wanted) {
    if (gateway.state === 'stopped' || gateway.state === 'absent') return [[warning('not started yet')]];
    return ofPrimary(gateway);
  }
  switch (gateway.state) {
    case 'running':
    case 'starting':
      if (monitor.known && monitor.warm)
        return fewerAndFewer([[said(glyph.rest, 'asleep')], [dim('warm, its channel off')]]);
      // While nobody knows what is wanted, that it runs is no fault.
      return monitor.known
        ? fewerAndFewer([[warning(gateway.state)], [span('not asked for')]])
        : fewerAndFewer([[span(`${glyph.well} ${gateway.state}`)], upFor(gateway)]);
    case 'stopping':
      return [[span(`${glyph.rest} stopping`)]];
    case 'failed':
      return [[failedWords(gateway)]];
    case 'unknown':
      return [[unknown('state not known')]];
    case 'stopped':
    case 'absent':
      return fewerAndFewer([[said(glyph.rest, 'asleep')], [dim('as it should be')]]);
  }
}
