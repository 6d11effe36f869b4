import {getAt, isRecord, withValue, type Draft, type Path} from './path.js';

/**
 * The keys that say what a section is about. When a higher layer names another server, channel account or
 * kind of network, nothing that the lower layer knew about the old one may leak into it.
 */
const identity: Record<string, readonly string[]> = {
  primary: ['ssh'],
  standby: ['ssh'],
  network: ['kind'],
  channel: ['type', 'account'],
  // Another source has another host key.
  secretsSync: ['host'],
};

/**
 * An answers file over the saved pair. A section in the file replaces the saved one whole, so a key removed
 * from the file is gone; the two hosts keep what is known about the same server (pinned key, consent).
 */
export function overAnswers(saved: Draft, answers: Draft): Draft {
  let result: Draft = {...saved};
  for (const [section, value] of Object.entries(answers)) {
    const below = getAt(saved, [section]);
    const host = section === 'primary' || section === 'standby';
    const merged = host && isRecord(below) && isRecord(value) && !differs(section, below, value);
    result = withValue(result, [section], merged ? {...(below as Draft), ...(value as Draft)} : value);
  }
  return result;
}

/** Flags over everything else, value by value: `--dm-policy` leaves the other settings alone. */
export function overFlags(below: Draft, flags: Draft): Draft {
  let result: Draft = {...below};
  for (const [section, value] of Object.entries(flags)) {
    const old = getAt(below, [section]);
    const keep = isRecord(old) && isRecord(value) && !differs(section, old, value);
    result = withValue(result, [section], keep ? deep(old as Draft, value as Draft) : value);
  }
  return result;
}

function differs(section: string, below: Draft, above: Draft): boolean {
  return (identity[section] ?? []).some(
    (key) => above[key] !== undefined && below[key] !== undefined && above[key] !== below[key],
  );
}

function deep(below: Draft, above: Draft): Draft {
  let result: Draft = {...below};
  for (const [key, value] of Object.entries(above)) {
    const old = getAt(below, [key]);
    // A secret's source is one thing: {file} over {env} must not become {env, file}.
    const source = isRecord(value) && ['env', 'file', 'prompt'].some((form) => Object.hasOwn(value, form));
    result = withValue(
      result,
      [key] as Path,
      isRecord(old) && isRecord(value) && !source ? deep(old, value) : value,
    );
  }
  return result;
}
