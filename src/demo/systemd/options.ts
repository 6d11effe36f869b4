import {Refusal} from './machine.js';

/** Which options a program has: `flags` stand alone, `values` take a word. Long names without `--`, by blanks. */
export interface Known {
  flags: string;
  values: string;
  /** `n=lines q=quiet` */
  short: string;
  /** Whether everything behind the first word that is no option belongs to a command. */
  stopsAtWord?: boolean;
}

export class Options {
  readonly words: string[] = [];
  readonly #given: [string, string][] = [];

  /** @throws Refusal for an option that the program does not have */
  constructor(argv: readonly string[], known: Known, program: string) {
    const rest = [...argv];
    const flags = known.flags.split(' ');
    const values = known.values.split(' ');
    const short = new Map(known.short.split(' ').map((one) => [one.slice(0, 1), one.slice(2)]));
    const take = (name: string, value: string | undefined, shown: string) => {
      if (flags.includes(name)) this.#given.push([name, value ?? '']);
      else if (values.includes(name)) {
        const given = value ?? rest.shift();
        if (given === undefined) throw new Refusal(`${program}: option '${shown}' requires an argument`);
        this.#given.push([name, given]);
      } else throw new Refusal(`${program}: unrecognized option '${shown}'`);
    };
    for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
      const [, long, value] = /^--([\w-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
      if (word === '--') {
        this.words.push(...rest.splice(0));
      } else if (long !== undefined) {
        take(long, value, `--${long}`);
      } else if (/^-[^-]/.test(word)) {
        for (let at = 1; at < word.length; at += 1) {
          const name = short.get(word[at]!);
          if (name === undefined) throw new Refusal(`${program}: invalid option -- '${word[at]}'`);
          const isFlag = flags.includes(name);
          take(name, isFlag || at === word.length - 1 ? undefined : word.slice(at + 1), `-${word[at]}`);
          if (!isFlag) break;
        }
      } else if (known.stopsAtWord) {
        this.words.push(word, ...rest.splice(0));
      } else this.words.push(word);
    }
  }

  has(name: string): boolean {
    return this.#given.some(([one]) => one === name);
  }

  all(name: string): string[] {
    return this.#given.flatMap(([one, value]) => (one === name ? [value] : []));
  }

  last(name: string): string | undefined {
    return this.all(name).at(-1);
  }
}
