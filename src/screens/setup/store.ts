import type {Answer, Question, SetupPort} from '../../plan/events.js';
import type {HostName} from '../../ssh/host.js';
import {reduce, type SetupInput} from './reducer.js';
import {emptyView, type SetupView} from './view.js';

export interface StoreOptions {
  pair: string;
  version: string;
  /** Ask nothing: reviews are applied, failures quit. */
  yes: boolean;
  targets?: Partial<Record<HostName, string>>;
  /** epoch ms */
  now?: () => number;
}

/** The view, who looks at it, and the open question. The engine writes into `port`; the screen reads `view`. */
export class SetupStore {
  readonly port: SetupPort;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  readonly #force = new AbortController();
  readonly #listeners = new Set<() => void>();
  #view: SetupView;
  #answer: ((answer: Answer) => void) | undefined;

  constructor({pair, version, yes, targets = {}, now = Date.now}: StoreOptions) {
    this.#now = now;
    this.#view = emptyView(pair, version, now(), targets);
    this.port = {
      emit: (event) => this.dispatch(event),
      decide: async (question) => {
        if (this.#stop.signal.aborted) return 'quit';
        if (yes) return question.type === 'review' ? 'apply' : 'quit';
        return this.#ask(question);
      },
      stop: this.#stop.signal,
      force: this.#force.signal,
    };
  }

  readonly view = (): SetupView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  dispatch(...inputs: readonly SetupInput[]): void {
    const stamped: readonly SetupInput[] = [{type: 'tick', nowMs: this.#now()}, ...inputs];
    this.#view = stamped.reduce(reduce, this.#view);
    for (const listener of this.#listeners) listener();
  }

  async #ask(question: Question): Promise<Answer> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.dispatch({type: 'asked', question});
    });
  }

  /** Answers the open question; without one, nothing. */
  answer(answer: Answer): void {
    const resolve = this.#answer;
    if (resolve === undefined) return;
    this.#answer = undefined;
    this.dispatch({type: 'answered'});
    resolve(answer);
  }

  /** Ctrl+C: the first lets the step in hand finish (and quits an open question), the second leaves. */
  interrupt(): void {
    if (this.#stop.signal.aborted) {
      this.dispatch({type: 'stopping', how: 'now'});
      this.#force.abort();
      return;
    }
    this.dispatch({type: 'stopping', how: 'step'});
    this.#stop.abort();
    this.answer('quit');
  }

  get forced(): AbortSignal {
    return this.#force.signal;
  }
}
