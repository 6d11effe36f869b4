import type {Finding} from '../../phases/phase.js';
import {stripControl} from '../../ssh/strip.js';
import {layout} from '../../templates/layout.js';
import type {Prove} from '../kinds/proof.js';
import {tail} from '../must.js';

/** ms: the monitor takes the request within seconds and gives the sending 20 s, twice if one is under way. */
const limitMs = 60_000;

/**
 * One test message to everybody who is told, sent by the monitor itself, so that it goes the way that an alert
 * would. What cannot be reached is a warning: a pair that cannot tell anybody still fails over.
 */
export const notify: Prove = async (_change, {host, say, emit}) => {
  const ran = await host.run([layout.node, layout.monitorProgram, 'tell-test'], {
    timeoutMs: limitMs,
    label: 'one test message to everybody who is told',
  });
  const lines = stripControl(ran.stdout)
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines) say(line);
  if (ran.code === 0 && !ran.timedOut) return;
  const failed = lines.filter((line) => line.startsWith('failed ')).map((line) => line.slice(7));
  const detail = failed.length > 0 ? failed.join('; ') : tail(stripControl(ran.stderr), 1) || 'no answer';
  const finding: Finding = {
    id: 'notify-test',
    host: 'standby',
    level: 'warning',
    sentence: `The test message did not reach everybody: ${detail}.`,
    fix: `Correct it in the answers and run setup again, or try again on the standby: sudo ${layout.standbyCommand.split('/').at(-1)} tell-test`,
  };
  emit({type: 'findings', findings: [finding]});
};
