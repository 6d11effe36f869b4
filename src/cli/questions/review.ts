import {Abort, Exit} from '../../errors.js';
import {getAt, isRecord, pathText} from '../../pair/path.js';
import type {Prompter} from '../prompter.js';
import {movedSettings, settingQuestions} from './channel-settings.js';
import {account} from './channel.js';
import {hostname} from './hosts.js';
import {model} from './model.js';
import {network} from './network.js';
import {notify} from './notify.js';
import {askNow, type Asking, type Question} from './question.js';
import {secretQuestions} from './secrets.js';
import {secretsPull} from './secrets-pull.js';
import {standbyMode} from './standby-mode.js';
import {workspace} from './workspace.js';

const go = 'go';
const change = 'change';

/**
 * All answers on one page, with the way back to each. `again` asks what a change made necessary (the secrets of
 * another channel).
 * @throws Abort (exit 130) when the operator leaves.
 */
export async function review(asking: Asking, prompter: Prompter, again: () => Promise<void>): Promise<void> {
  for (;;) {
    const rows = reviewRows(asking);
    prompter.note(`\n${rows.map(({label, value}) => `  ${label.padEnd(30)} ${value}`).join('\n')}\n`);
    const next = await prompter.select({
      message: 'Is this right?',
      why: 'Nothing has been changed on the servers so far.',
      choices: [
        {value: go, name: 'yes, go on'},
        {value: change, name: 'change one'},
        {value: 'quit', name: 'quit; nothing is kept'},
      ],
    });
    if (next === go) return;
    if (next !== change) throw new Abort('Left before anything was changed.', {exit: Exit.interrupted});
    await changeOne(asking, prompter, rows);
    await again();
  }
}

async function changeOne(asking: Asking, prompter: Prompter, rows: readonly Row[]): Promise<void> {
  const changeable = rows.filter(({question}) => question.ask);
  const picked = await prompter.select({
    message: 'Which one?',
    choices: [
      ...changeable.map(({question, label, value}) => ({
        value: pathText(question.path),
        name: `${label}: ${value}`,
      })),
      {value: '', name: 'back'},
    ],
  });
  const row = changeable.find(({question}) => pathText(question.path) === picked);
  if (row) await askNow(row.question, asking, prompter);
}

interface Row {
  label: string;
  value: string;
  question: Question;
}

/** What was decided, a line each. The servers themselves are left out: they are connected already. */
export function reviewRows(asking: Asking): Row[] {
  const questions = [
    ...network,
    ...account,
    movedSettings,
    ...settingQuestions(asking),
    ...secretQuestions(asking),
    ...model,
    ...workspace,
    ...secretsPull,
    hostname,
    ...standbyMode,
    ...notify,
  ];
  const rows: Row[] = [];
  const shown = new Set<string>();
  for (const question of questions) {
    const key = pathText(question.path);
    const found = getAt(asking.draft, question.path);
    // Settings are listed one by one; what is not in the table of its channel stays on the common line.
    if (found === undefined || shown.has(key)) continue;
    if (question === movedSettings && Object.keys(otherSettings(asking)).length === 0) continue;
    shown.add(key);
    const value = question === movedSettings ? otherSettings(asking) : found;
    rows.push({label: question.label, value: question.tell?.(asking, value) ?? told(value), question});
  }
  return rows;
}

function otherSettings(asking: Asking): Record<string, unknown> {
  const settings = getAt(asking.draft, ['channel', 'settings']);
  const listed = new Set(settingQuestions(asking).map(({path}) => String(path[2])));
  return Object.fromEntries(
    Object.entries(isRecord(settings) ? settings : {}).filter(([key]) => !listed.has(key)),
  );
}

function told(value: unknown): string {
  if (isRecord(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => told(item)).join(', ');
  return String(value);
}
