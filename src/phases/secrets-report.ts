import type {HostFacts} from '../facts/types.js';
import type {SecretsSync} from '../pair/secrets-source.js';
import {layout, units} from '../templates/layout.js';
import type {Finding} from './phase.js';

/** What the last pull wrote about itself. */
export const secretsReport = `${layout.workRun}/secrets.json`;

export function secretsWarning({host}: Pick<SecretsSync, 'host'>, problem: string): Finding {
  return {
    id: 'secrets-pull',
    host: 'standby',
    level: 'warning',
    sentence: `The last pull of secrets from ${host} brought nothing: ${problem}.`,
    fix: `It is tried again every 15 min, and the set before stays in force; by hand: systemctl start ${units.secretsPull}`,
  };
}

/** Why the last pull brought nothing, as a clause; undefined: it did, or there was none. */
export function lastProblem(standby: HostFacts): string | undefined {
  const report = reportOf(standby.files[secretsReport]?.content);
  return report === undefined || isFine(report) ? undefined : `${report.result}, ${report.detail}`;
}

export interface PullReport {
  result: string;
  detail: string;
}

export const isFine = ({result}: PullReport) => result === 'pulled' || result === 'unchanged';

/** The report of the pull, which the gateway's user writes: words in a known form, or nothing. */
export function reportOf(text: string | undefined): PullReport | undefined {
  try {
    const {result, detail} = JSON.parse(text ?? '') as Partial<PullReport>;
    if (typeof result !== 'string' || !/^[a-z-]{1,32}$/.test(result) || typeof detail !== 'string')
      return undefined;
    return {result, detail: detail.replaceAll(/[^\w .:/@+,-]/g, ' ').slice(0, 160)};
  } catch {
    return undefined;
  }
}
