import type {Interrogation} from '../../monitor/evidence.js';
import type {Outlook} from '../../monitor/way-out.js';
import {noReport, reportCame} from '../../phases/interrogation.js';
import {wayOutFinding} from '../../phases/witnesses.js';
import {stripControl} from '../../ssh/strip.js';
import {layout} from '../../templates/layout.js';
import type {Prove} from '../kinds/proof.js';

/** ms; the interrogation itself ends within 3 s, and names take 5 s at most. */
const limitMs = 15_000;

/**
 * The monitor's own program asks once, as its user. What comes of it is noted and told; a primary that does not answer
 * leaves the pair with plain timers, which is no reason to stop.
 */
export const report: Prove = async (_change, {host, say, emit}) => {
  const ran = await host.run([layout.node, layout.monitorProgram, 'ask'], {
    user: layout.monitorUser,
    timeoutMs: limitMs,
    label: 'ask the primary for its report',
  });
  const {asked, outlook} = saidBy(ran.stdout);
  const alone = outlook ? wayOutFinding({...outlook, detail: stripControl(outlook.detail)}) : [];
  if (alone.length > 0) emit({type: 'findings', findings: alone});
  if (asked?.kind === 'report') {
    const {unit, loopback} = asked.report;
    say(
      `report in ${asked.tookMs} ms by the ${asked.path} path: unit ${unit}, its own health answer ${loopback}`,
    );
    return `${reportCame} ${asked.tookMs} ms ${asked.path}`;
  }
  const said = asked ? `${asked.kind}: ${asked.detail}` : ran.stderr.trim() || 'the monitor does not say';
  const why = stripControl(said).replaceAll('\n', ' ').slice(0, 200);
  say(`no report: ${why}`);
  emit({type: 'findings', findings: [noReport(why)]});
  return why;
};

function saidBy(printed: string): Partial<Interrogation & {outlook: Outlook}> {
  try {
    return JSON.parse(printed) as Interrogation & {outlook: Outlook};
  } catch {
    return {};
  }
}
