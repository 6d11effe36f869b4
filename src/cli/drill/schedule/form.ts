import type {Job} from '../../../drill/schedule/job.js';

export const formNames = ['timer', 'cron', 'launchd'] as const;
export type FormName = (typeof formNames)[number];

/** What one form of a schedule would write, for `--dry-run`. */
export interface Written {
  /** Path of a file, or what else it is. */
  where: string;
  text: string;
}

/** What came of it. */
export interface Installed {
  /** What was written: paths, or `crontab`. */
  wrote: string[];
  /** epoch ms of the next time by the word of whoever starts it; a job without one is reckoned here. */
  nextMs: Partial<Record<Job['kind'], number>>;
}

/** A way in which this machine does something at a certain time. */
export interface Form {
  name: FormName;
  /** undefined: it works here; else why not. */
  unusable(): Promise<string | undefined>;
  /** What would be written. Pure. */
  texts(jobs: readonly Job[]): Written[];
  /** Replaces whatever this pair had in this form. @throws Abort when it could not be done; what was there stays. */
  install(jobs: readonly Job[]): Promise<Installed>;
  /** What this pair has in this form: paths, or `crontab`; empty: nothing. @throws Abort when that cannot be told */
  find(): Promise<string[]>;
  /**
   * Takes that away, and nothing else.
   * @returns what was there
   * @throws Abort when it could not be done
   */
  remove(): Promise<string[]>;
}

/** Whose schedule, and written by which version. */
export interface Whose {
  pair: string;
  version: string;
}
