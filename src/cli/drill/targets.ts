import {Abort, Exit} from '../../errors.js';
import {lengthText, parseSpan} from '../../monitor/hand/length.js';
import type {Folders} from '../../pair/paths.js';
import {mostTargetS, type Pair} from '../../pair/schema.js';
import {probeFlag} from './probe-flag.js';
import {loadPair, savePair} from '../../pair/store.js';

export interface TargetOptions {
  rto?: string;
  rpo?: string;
  probe?: string;
  dryRun?: boolean;
}

/** s of a target; undefined: none is wanted any more. @throws Abort (exit 2) */
function seconds(name: 'rto' | 'rpo', text: string): number | undefined {
  if (text === 'none') return undefined;
  const span = parseSpan(text);
  const wrong = 'wrong' in span ? span.wrong : wrongSpan(span.ms, mostTargetS[name] * 1000);
  if ('wrong' in span || wrong !== undefined)
    throw new Abort(`--${name}: ${wrong} Or: none`, {exit: Exit.usage});
  return Math.round(span.ms / 1000);
}

/** A saved pair that holds more than it may could not be read any more. */
function wrongSpan(ms: number, mostMs: number): string | undefined {
  if (ms < 1000) return 'must be at least 1s.';
  return ms > mostMs ? `must be at most ${lengthText(mostMs)}.` : undefined;
}

/**
 * The pair with the targets and the probe of the command line, which are kept in the saved pair.
 * @throws Abort (exit 2) for a time that is none
 */
export async function keepTargets(pair: Pair, options: TargetOptions, where: Folders): Promise<Pair> {
  const {rto, rpo, probe, dryRun} = options;
  if (rto === undefined && rpo === undefined && probe === undefined) return pair;
  const {rtoS, rpoS, probe: before} = pair.drill ?? {};
  const now = {
    rtoS: rto === undefined ? rtoS : seconds('rto', rto),
    rpoS: rpo === undefined ? rpoS : seconds('rpo', rpo),
    probe: probe === undefined ? before : probeFlag(probe),
  };
  const drill = {
    ...(now.rtoS !== undefined && {rtoS: now.rtoS}),
    ...(now.rpoS !== undefined && {rpoS: now.rpoS}),
    ...(now.probe !== undefined && {probe: now.probe}),
  };
  // A pair that was only given as an answers file is nobody's to change.
  const saved = await loadPair(pair.name, where);
  if (saved && !dryRun) await savePair({...saved, drill}, where);
  return {...pair, drill};
}
