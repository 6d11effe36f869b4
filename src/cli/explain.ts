import {accountOf} from '../explain/account.js';
import {chaptersIn, stepsOf, type Chapter} from '../explain/chapters.js';
import {compare} from '../explain/compare.js';
import {inJson} from '../explain/json.js';
import {parseEvents, parseRecord} from '../explain/parse.js';
import {selectStory, type Selected} from '../explain/select.js';
import {storiesIn} from '../explain/stories.js';
import {accountText, compareText} from '../explain/text.js';
import {readWhatIf, type WhatIf} from '../explain/what-if.js';
import {knownOf} from '../explain/account.js';
import {Abort, Exit, type ExitCode} from '../errors.js';
import {wrap} from '../screens/clip.js';
import {span, type Line} from '../screens/line.js';
import {mayColour, paint} from '../screens/theme.js';
import {fromFile, fromStandby, type Source} from './explain-source.js';
import type {CommonOptions} from './options.js';

export interface ExplainOptions extends CommonOptions {
  whatIf?: string[];
  /** An events.jsonl on this machine. */
  file?: string;
}

/**
 * `failover-wizard explain [EVENT]`: why the standby took over, or did not; with `--what-if`, what other settings
 * would have made of it.
 * @throws Abort (exit 2) for an event that is not in the log and for settings that are none, (exit 4) when the standby
 * cannot be reached
 */
export async function explain(asked: string | undefined, options: ExplainOptions): Promise<ExitCode> {
  const whatIf = readWhatIf(options.whatIf);
  const source = options.file === undefined ? await fromStandby(options) : await fromFile(options.file);
  const events = parseEvents(source.events);
  if (options.file !== undefined && events.length === 0 && source.events.trim() !== '') {
    throw new Abort(`${options.file} holds no event of a monitor.`, {
      next: ['Copy /var/lib/openclaw-failover/events.jsonl from the standby, and record.jsonl beside it.'],
      exit: Exit.usage,
    });
  }
  const stories = storiesIn(events);
  const chapters = chaptersIn(parseRecord(source.record));
  const selected = selectStory(stories, asked);
  if ('wrong' in selected && asked !== undefined && stories.length > 0)
    throw new Abort(selected.wrong, {
      next: ['Without EVENT the newest is explained.'],
      exit: Exit.usage,
    });
  const print = options.json === true ? printJson : printText;
  print({source, selected, chapters, whatIf, all: asked === undefined});
  return Exit.ok;
}

interface Explained {
  source: Source;
  selected: Selected;
  chapters: Chapter[];
  whatIf: WhatIf | undefined;
  /** No event was named: with other settings everything in the record is decided again. */
  all: boolean;
}

function comparedIn({selected, chapters, whatIf, all}: Explained & {whatIf: WhatIf}) {
  const chosen = all || 'wrong' in selected ? chapters : knownOf(selected.story, chapters).chapters;
  return compare(chosen, whatIf);
}

function printJson(explained: Explained): void {
  const {source, selected, chapters, whatIf} = explained;
  const value = inJson({
    pair: source.pair,
    story: 'wrong' in selected ? undefined : accountOf(selected, chapters),
    ...(whatIf && {whatIf: {words: whatIf.words, compared: comparedIn({...explained, whatIf})}}),
  });
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

function printText(explained: Explained): void {
  const {source, selected, chapters, whatIf} = explained;
  const {stdout} = process;
  const columns = Math.min(stdout.columns ?? 80, 100);
  const sentence = (text: string): Line[] => wrap(text, columns).map((line) => [span(line)]);
  const lines = (): Line[] => {
    if (whatIf) {
      const compared = comparedIn({...explained, whatIf});
      return compared.length > 0
        ? compareText(compared, whatIf.words, columns)
        : sentence(nothingRecorded(whatIf, chapters));
    }
    if ('wrong' in selected) return sentence(selected.wrong);
    return accountText(accountOf(selected, chapters), source.pair, columns);
  };
  const colour = mayColour(stdout);
  stdout.write(
    `${lines()
      .map((line) => paint(line, colour))
      .join('\n')}\n`,
  );
}

function nothingRecorded({verdicts, words}: WhatIf, chapters: readonly Chapter[]): string {
  const steps = chapters.reduce((sum, chapter) => sum + stepsOf(chapter).length, 0);
  if (steps === 0)
    return 'The record holds nothing that could be decided again: it begins with the first suspicion after the setup that brought this version.';
  return `The record holds no ${verdicts ? 'suspicion' : 'give-back'} here that ${words} could change.`;
}
