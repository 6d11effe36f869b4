import {Abort} from '../../errors.js';
import {parseSource} from '../../pair/secrets-source.js';
import {lineOf, placeOf} from '../../phases/secrets-pull.js';
import {isFine, reportOf, secretsReport, secretsWarning} from '../../phases/secrets-report.js';
import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import {layout, units} from '../../templates/layout.js';
import type {ApplyContext} from '../kind.js';
import type {Prove} from '../kinds/proof.js';
import {mustScript} from '../must.js';
import {until} from '../until.js';

/** ms that the line on a third server is waited for. */
const lineLimitMs = 300_000;
const linePollMs = 10_000;

/**
 * One pull, as the timer does it. A third server must first be given the line for its authorized_keys: that is
 * shown and waited for. What does not work is a warning and no failure: a pair without pulled secrets fails over.
 */
export const secrets: Prove = async (_change, context) => {
  const {host, emit, say, input} = context;
  const sync = input.pair.secretsSync;
  const source = sync === null ? undefined : parseSource(sync.host);
  const publicKey = input.standby.users[layout.user]?.publicKeys[`${layout.secretsPullKey}.pub`];
  if (sync === null || !source || publicKey === undefined)
    throw new Abort('There is nothing to pull secrets with.');
  let problem = await pull(host);
  if (problem !== undefined && placeOf(source, input) === 'elsewhere') {
    problem = await waitForLine(lineOf(input, {sync, source, publicKey}), sync.host, context);
  }
  if (problem === undefined) {
    say(`Pulled from ${sync.host}: ${sync.allow.join(', ')}.`);
    return;
  }
  say(`Nothing was pulled from ${sync.host}: ${problem}.`);
  emit({type: 'findings', findings: [secretsWarning(sync, problem)]});
};

async function waitForLine(
  line: string,
  target: string,
  {host, emit, signal}: ApplyContext,
): Promise<string | undefined> {
  const id = 'secrets-line';
  emit({
    type: 'waiting',
    id,
    sentence: `Add this line to ~/.ssh/authorized_keys of ${target}. It is tried every ${linePollMs / 1000} s; without it setup goes on after ${lineLimitMs / 60_000} min.`,
    show: line,
    sinceMs: Date.now(),
    limitMs: lineLimitMs,
  });
  let problem: string | undefined;
  await until(async () => (problem = await pull(host)) === undefined, {
    everyMs: linePollMs,
    limitMs: lineLimitMs,
    signal,
  });
  emit({type: 'waited', id});
  return problem;
}

/** Why it brought nothing, as a clause; undefined: it did, or what is there is as new as the source's. */
async function pull(standby: Host): Promise<string | undefined> {
  const ran = await mustScript(
    standby,
    {
      label: `systemctl start ${units.secretsPull}`,
      text: `rm -f -- ${q(secretsReport)}
systemctl start ${units.secretsPull} >/dev/null 2>&1 || :
[ ! -f ${q(secretsReport)} ] || [ -L ${q(secretsReport)} ] || head -c 2048 -- ${q(secretsReport)}
`,
    },
    {doing: 'pull the secrets once', timeoutMs: 90_000},
  );
  const report = reportOf(ran.stdout);
  if (!report) return `see journalctl -u ${units.secretsPull} on the standby`;
  return isFine(report) ? undefined : `${report.result}, ${report.detail}`;
}
