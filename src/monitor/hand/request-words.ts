import type {ActName} from './act.js';
import type {Request} from './requests.js';

/** A request as words after `monitor.mjs request`, and back: how the wizard asks over SSH. Lengths are whole s. */
export function wordsOf(asked: Request): string[] {
  switch (asked.name) {
    case 'pause':
      return ['pause', String(Math.ceil(asked.ms / 1000)), asked.why];
    case 'hold':
      return ['hold', String(Math.ceil(asked.ms / 1000))];
    case 'promote':
      return ['promote', asked.why];
    case 'withdraw':
      return ['withdraw', asked.what];
    default:
      return [asked.name];
  }
}

/** undefined: these words ask for nothing. */
export function requestOf([name, ...rest]: readonly string[]): Request | undefined {
  const ms = /^\d{1,6}$/.test(rest[0] ?? '') ? Number(rest[0]) * 1000 : undefined;
  switch (name) {
    case 'pause':
      return ms === undefined ? undefined : {name, ms, why: rest.slice(1).join(' ')};
    case 'hold':
      return ms === undefined ? undefined : {name, ms};
    case 'promote':
      return {name, why: rest.join(' ')};
    case 'withdraw':
      return isActName(rest[0]) ? {name, what: rest[0]} : undefined;
    case 'resume':
    case 'demote':
    case 'tested':
    case 'release':
      return rest.length === 0 ? {name} : undefined;
    default:
      return undefined;
  }
}

const isActName = (word: string | undefined): word is ActName =>
  word === 'pause' || word === 'resume' || word === 'promote' || word === 'demote';
