import {Abort, Exit, type ExitCode} from '../../errors.js';
import type {Act} from '../../monitor/hand/act.js';
import {conduct, type Hand} from '../../monitor/hand/conduct.js';
import {parseLength} from '../../monitor/hand/length.js';
import {inJson, inWords} from '../../monitor/hand/show.js';
import {folders, pairFiles} from '../../pair/paths.js';
import type {Pair} from '../../pair/schema.js';
import {mayColour} from '../../screens/theme.js';
import {loadPrograms} from '../../templates/programs.js';
import {connectPrompts} from '../connect-prompts.js';
import {existingPair} from '../gather.js';
import {pairReader} from '../pair-reader.js';
import type {CommonOptions} from '../options.js';
import {terminalPrompter, type Prompter} from '../prompter.js';
import {reachPair} from '../reach.js';
import {tryHosts} from '../session.js';
import {modeOf, tell, type Mode} from '../terminal.js';
import {farHand, type Reached} from './far-hand.js';

export interface HandOptions extends CommonOptions {
  for?: string;
  why?: string;
  confirm?: string;
}

/** `failover-wizard pause --for TIME`. @throws Abort (exit 2) for a time that no pause can have */
export async function pause(options: HandOptions): Promise<ExitCode> {
  const length = parseLength(options.for ?? '');
  if ('wrong' in length) throw new Abort(length.wrong, {exit: Exit.usage});
  return operate({name: 'pause', ms: length.ms, why: options.why ?? ''}, options);
}
export const resume = (options: HandOptions) => operate({name: 'resume'}, options);
export const promote = (options: HandOptions) => operate({name: 'promote', why: options.why ?? ''}, options);
export const demote = (options: HandOptions) => operate({name: 'demote'}, options);

/**
 * One act of the operator on the pair, from the first look to what came of it.
 * @throws Abort (exit 4) when the standby cannot be reached
 */
async function operate(act: Act, options: HandOptions): Promise<ExitCode> {
  const pair = await existingPair(options, folders());
  const mode = modeOf(options);
  const {confirm} = options;
  if (confirm !== undefined && confirm !== pair.name) {
    throw new Abort(`--confirm names the pair "${confirm}", but this is "${pair.name}": nothing was asked.`, {
      exit: Exit.usage,
    });
  }
  const prompter = terminalPrompter();
  const closing: (() => Promise<void>)[] = [];
  let reached: Promise<Reached> | undefined;
  const reach = () => (reached ??= reachFor(act, pair, {mode, prompter, closing}));
  const hand = farHand(reach, mode.ask ? typing(prompter) : undefined);
  const {stdout} = process;
  // Lines that stay are for --plain and for whoever keeps what was printed.
  const paper = mode.output === 'screen' ? stdout : {write: (text: string) => stdout.write(text)};
  const show = mode.output === 'json' ? inJson(paper) : inWords(paper, {colour: mayColour(stdout)});
  const leave = new AbortController();
  const interrupt = () => leave.abort();
  process.on('SIGINT', interrupt);
  try {
    const how = {
      dryRun: options.dryRun === true,
      pair: pair.name,
      leave: leave.signal,
      ...(confirm !== undefined && {confirm}),
    };
    return (await conduct(act, hand, how, show)).exit;
  } finally {
    process.off('SIGINT', interrupt);
    await Promise.all(closing.map((close) => close()));
  }
}

interface Surroundings {
  mode: Mode;
  prompter: Prompter;
  /** What is to be closed at the end. */
  closing: (() => Promise<void>)[];
}

/** A takeover needs to know both hosts; everything else is between the operator and the standby. */
async function reachFor(act: Act, pair: Pair, {mode, prompter, closing}: Surroundings): Promise<Reached> {
  if (act.name === 'promote') {
    const programs = loadPrograms();
    const {sources, close} = await reachPair(pair, mode);
    closing.push(close);
    const standby = await sources.standby();
    tell('Looking at both hosts …', 'dim');
    return {standby, both: pairReader(pair, sources, programs.accounts)};
  }
  const files = pairFiles(pair.name, folders());
  const attempt = await tryHosts(pair, files, mode.ask ? connectPrompts(prompter) : {}, ['standby']);
  closing.push(attempt.close);
  const {standby} = attempt.hosts;
  if (!standby) throw attempt.errors.standby;
  return {standby};
}

const typing =
  (prompter: Prompter): NonNullable<Hand['typedName']> =>
  (pair) =>
    prompter.input({
      message: `Type ${pair} to go on`,
      wrong: (text) => (text.trim() === pair ? undefined : `this is not ${pair}; Ctrl+C leaves`),
    });
