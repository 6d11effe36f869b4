/** What a unit file says, as systemd.syntax(7) has it: sections, keys that may repeat, values as written. */
export class UnitText {
  readonly #lines: {section: string; key: string; value: string}[] = [];

  constructor(text: string) {
    let section = '';
    let held = '';
    for (const raw of text.split('\n')) {
      const line = raw.trim();
      // Also between lines that continue each other.
      if (line.startsWith('#') || line.startsWith(';')) continue;
      if (line.endsWith('\\') && !line.endsWith('\\\\')) {
        held += `${line.slice(0, -1)} `;
        continue;
      }
      const whole = (held + line).trim();
      held = '';
      const [, name] = /^\[(.+)\]$/.exec(whole) ?? [];
      if (name !== undefined) section = name;
      const at = whole.indexOf('=');
      if (name === undefined && at > 0) {
        this.#lines.push({section, key: whole.slice(0, at).trim(), value: whole.slice(at + 1).trim()});
      }
    }
  }

  /** Every value of a key, in order; an empty one forgets those before. */
  all(section: string, key: string): string[] {
    let values: string[] = [];
    for (const line of this.#lines) {
      if (line.section !== section || line.key !== key) continue;
      values = line.value === '' ? [] : [...values, line.value];
    }
    return values;
  }

  /** The last value of a key; undefined: it is not there, or was emptied. */
  last(section: string, key: string): string | undefined {
    return this.all(section, key).at(-1);
  }

  /** Names of a list that may be spread over lines: `After=a b`. */
  names(section: string, key: string): string[] {
    return [...new Set(this.all(section, key).flatMap((value) => value.split(/\s+/)))];
  }

  has(section: string): boolean {
    return this.#lines.some((line) => line.section === section);
  }

  /** In order, as `Section.Key`, each once. */
  keys(): string[] {
    return [...new Set(this.#lines.map(({section, key}) => `${section}.${key}`))];
  }

  /** As a transient unit has them: the keys of a section with all of their values. */
  entries(section: string): [string, string][] {
    return this.#lines.filter((line) => line.section === section).map(({key, value}) => [key, value]);
  }
}

/** `yes`, `true`, `on`, `1`. */
export const isYes = (value: string | undefined): boolean =>
  value !== undefined && /^(?:1|yes|y|true|t|on)$/i.test(value);
