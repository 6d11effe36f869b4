import {appendFileSync, existsSync, mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {treeAt} from '../../channels/program/plain-object.js';
import {expandHome} from '../../channels/program/resolve.js';
import type {Loaded} from './config.js';
import type {Question} from './irc-account.js';
import {modelStatus} from './models.js';
import {timing} from './timing.js';

/** characters of a question that are said again and noted. */
const longestQuestion = 300;
/** Questions that may wait; more are not taken. */
const mostWaiting = 20;

/**
 * Answers questions one after the other, and notes them in its workspace. One with `take 20 s` in it takes that long, so
 * that a gateway can be stopped in the middle of a turn.
 */
export class Agent {
  #turns = 0;
  #last: Promise<unknown> = Promise.resolve();
  #first = true;
  #idle: (() => void)[] = [];
  /** No question is taken any more. */
  closed = false;

  constructor(
    private readonly loaded: () => Loaded,
    private readonly log: (text: string) => void,
  ) {}

  /** Turns that go on or wait. */
  get turns(): number {
    return this.#turns;
  }

  /** Resolves when no turn goes on. */
  idle(): Promise<void> {
    return this.#turns === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  answer(question: Question): Promise<string | undefined> {
    if (this.closed || this.#turns >= mostWaiting) return Promise.resolve(undefined);
    this.#turns += 1;
    const turn = this.#last.then(() => this.#turn(question));
    this.#last = turn
      .catch((error: unknown) => this.log(`a turn failed: ${String(error)}`))
      .finally(() => {
        this.#turns -= 1;
        if (this.#turns === 0) for (const wake of this.#idle.splice(0)) wake();
      });
    return turn.catch(() => undefined);
  }

  async #turn({bot, from, text}: Question): Promise<string> {
    const wanted = Number(/\btake (\d{1,3}) ?s\b/i.exec(text)?.[1] ?? 0) * 1000;
    await sleep(Math.min(timing.longestTurn, Math.max(wanted, this.#first ? timing.firstTurn : timing.turn)));
    this.#first = false;
    const loaded = this.loaded();
    const asked = text
      .replace(/\p{Cc}+/gu, ' ')
      .trim()
      .slice(0, longestQuestion);
    const why = Object.values(modelStatus(loaded).missing)[0];
    if (why !== undefined) return `${bot} here: I cannot answer, ${why}.`;
    return `${bot} here: you said “${asked}”. ${this.#note({bot, from, text: asked}, workspaceOf(loaded))}`;
  }

  /** One line into the note of the day. @returns what it remembers of this day, a sentence */
  #note({bot, from, text}: Question, workspace: string): string {
    const [day, time] = new Date().toISOString().split(/[T.]/) as [string, string];
    const file = join(workspace, 'memory', `${day}.md`);
    try {
      mkdirSync(join(workspace, 'memory'), {recursive: true});
      const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
      const heading = before === '' ? `# ${day}\n\n` : '';
      appendFileSync(file, `${heading}- ${time} UTC, ${from} to ${bot}: ${text}\n`);
      const known = before.match(/^- /gm)?.length ?? 0;
      return known === 0
        ? 'It is the first message of today that I know of.'
        : `I know of ${known} before it today.`;
    } catch (error) {
      this.log(`the conversation could not be noted: ${(error as Error).message}`);
      return 'I could not note it.';
    }
  }
}

/** The folder that the agent works in. */
export function workspaceOf({config, around}: Pick<Loaded, 'config' | 'around'>): string {
  const {workspace} = treeAt(treeAt(config, 'agents'), 'defaults');
  if (typeof workspace === 'string' && workspace !== '') return expandHome(workspace, around.home);
  return join(around.stateDir, 'workspace');
}
