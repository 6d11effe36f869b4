import {messageOf} from '../../../errors.js';
import type {Act, ActName, End} from '../../../monitor/hand/act.js';
import type {Show} from '../../../monitor/hand/conduct.js';
import {parseLength} from '../../../monitor/hand/length.js';
import {clean} from '../../clip.js';
import type {ActView, Field} from '../view/act.js';
import type {ActPort} from './source.js';

const fieldsOf: Readonly<Record<ActName, readonly Field[]>> = {
  pause: [
    {label: 'For how long?', text: '30m'},
    {label: 'Why? (may stay empty)', text: ''},
  ],
  resume: [],
  promote: [{label: 'Why? (may stay empty)', text: ''}],
  demote: [],
};

/**
 * An act as the screen goes through it: it asks for what the act needs, looks, asks for the name of the pair, and tells
 * what comes of it. Nothing is asked of the pair before its whole name was typed.
 */
export class ActStore {
  readonly #port: ActPort;
  readonly #now: () => number;
  readonly #leaving = new AbortController();
  readonly #listeners = new Set<() => void>();
  #answer: ((name: string) => void) | undefined;
  #view: ActView;

  constructor(
    name: ActName,
    {pair, port, now = Date.now}: {pair: string; port: ActPort; now?: () => number},
  ) {
    this.#port = port;
    this.#now = now;
    const fields = fieldsOf[name];
    this.#view = {
      name,
      pair,
      step: fields.length > 0 ? 'form' : 'running',
      fields,
      field: 0,
      wrong: '',
      lookingSinceMs: null,
      checks: [],
      typed: '',
      heard: [],
      waiting: null,
      end: null,
      leaving: false,
    };
    if (fields.length === 0) void this.#run();
  }

  readonly view = (): ActView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(change: Partial<ActView>): void {
    this.#view = {...this.#view, ...change};
    for (const listener of this.#listeners) listener();
  }

  /** What is typed into at this moment; undefined: nothing. */
  get text(): string | undefined {
    const {step, fields, field, typed} = this.#view;
    if (step === 'form') return fields[field]?.text;
    return step === 'typing' ? typed : undefined;
  }

  type(text: string): void {
    const {step, fields, field} = this.#view;
    if (step === 'typing') this.#set({typed: text, wrong: ''});
    if (step === 'form')
      this.#set({fields: fields.map((each, index) => (index === field ? {...each, text} : each)), wrong: ''});
  }

  /** Enter. True when there is nothing left to see. */
  enter(): boolean {
    const {step, typed, pair} = this.#view;
    if (step === 'ended') return true;
    if (step === 'form') this.#nextField();
    if (step === 'typing') {
      if (typed.trim() === pair) this.#give(typed.trim());
      else this.#set({wrong: `This is not ${clean(pair)}; Esc leaves.`});
    }
    return false;
  }

  #nextField(): void {
    const {name, fields, field} = this.#view;
    if (name === 'pause' && field === 0) {
      const length = parseLength(fields[0]?.text ?? '');
      if ('wrong' in length) return this.#set({wrong: length.wrong});
    }
    if (field + 1 < fields.length) return this.#set({field: field + 1, wrong: ''});
    void this.#run();
  }

  /** Esc or Ctrl+C. True when nothing stands that would have to be told: the screen may close. */
  leave(): boolean {
    const {step, leaving} = this.#view;
    if (step === 'form' || step === 'ended' || leaving) {
      this.#leaving.abort();
      return true;
    }
    this.#set({leaving: true});
    this.#leaving.abort();
    this.#give('');
    return false;
  }

  /** The screen is gone: whoever still looks or watches stops. */
  readonly close = (): void => {
    this.#leaving.abort();
    this.#answer?.('');
  };

  #give(name: string): void {
    const answer = this.#answer;
    this.#answer = undefined;
    this.#set({step: 'running', wrong: ''});
    answer?.(name);
  }

  #act(): Act {
    const {name, fields} = this.#view;
    const text = (index: number) => fields[index]?.text.trim() ?? '';
    if (name === 'pause') {
      const length = parseLength(text(0));
      return {name, ms: 'ms' in length ? length.ms : 0, why: text(1)};
    }
    return name === 'promote' ? {name, why: text(0)} : {name};
  }

  async #run(): Promise<void> {
    this.#set({step: 'running', wrong: '', lookingSinceMs: this.#now(), checks: []});
    const end = await this.#conducted();
    this.#set({end, step: 'ended', waiting: null, lookingSinceMs: null});
  }

  async #conducted(): Promise<End> {
    const {signal} = this.#leaving;
    try {
      return await this.#port(this.#act(), {leave: signal}, this.#show(), (pair) => this.#ask(pair));
    } catch (error) {
      if (signal.aborted) return {result: 'left', exit: 130, say: 'Left; see what stands with "status".'};
      return {result: 'failed', exit: 1, say: messageOf(error)};
    }
  }

  async #ask(pair: string): Promise<string> {
    if (this.#leaving.signal.aborted) return '';
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#set({step: 'typing', pair, typed: '', wrong: ''});
    });
  }

  #show(): Show {
    return {
      checks: (_, _seen, checks) => this.#set({checks, lookingSinceMs: null}),
      heard: ({say}, elapsedMs) => this.#set({heard: [...this.#view.heard, {elapsedMs, say}], waiting: null}),
      waiting: (what, elapsedMs) => {
        const {waiting} = this.#view;
        const second = (ms: number) => Math.floor(ms / 1000);
        // It is told five times a second, and the clock shows seconds.
        if (waiting?.what === what && second(waiting.elapsedMs) === second(elapsedMs)) return;
        this.#set({waiting: {what, elapsedMs}});
      },
      // The end is what `conduct` gives back.
      end: () => {},
    };
  }
}
