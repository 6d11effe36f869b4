import type {Host} from './host.js';

/**
 * A host, or how to get it: one that cannot be reached now may be there later.
 * @throws Abort (exit 4) when it cannot be reached
 */
export interface HostSource<H extends Host = Host> {
  (): Promise<H>;
  /** Gives up the connection, or the attempt to make one: the next call makes a new one. Never throws. */
  drop(): void;
}

/** A connection that was made, and how all that belongs to it ends. */
export interface Dialled<H extends Host = Host> {
  host: H;
  close: () => Promise<void>;
}

/**
 * Keeps one connection for everybody who asks, and makes it with `dial` when there is none; whoever asks meanwhile gets
 * the same one. `first` is one that stands already, or the error that there was instead: it is told once.
 */
export function keptSource<H extends Host>(
  dial: () => Promise<Dialled<H>>,
  first?: {dialled: Dialled<H>} | {error: unknown},
): HostSource<H> & {close: () => Promise<void>} {
  let kept: Promise<Dialled<H>> | undefined;
  if (first) kept = 'dialled' in first ? Promise.resolve(first.dialled) : Promise.reject(first.error);
  // Told to whoever asks first, and to nobody when nobody does.
  kept?.catch(() => undefined);
  const end = async (): Promise<void> => {
    const old = kept;
    kept = undefined;
    await old?.then(({close}) => close()).catch(() => undefined);
  };
  const source = async (): Promise<H> => {
    const mine = (kept ??= dial());
    try {
      return (await mine).host;
    } catch (error) {
      if (kept === mine) kept = undefined;
      throw error;
    }
  };
  return Object.assign(source, {drop: () => void end(), close: end});
}
