export interface Interrupts {
  /** Aborted on the first SIGINT. */
  stop: AbortSignal;
  /** Aborted on the second. */
  force: AbortSignal;
  /** Gives Ctrl+C back its usual meaning. */
  close(): void;
}

/** Ctrl+C where no screen reads keys: the first lets the step in hand finish, the second leaves. */
export function interrupts(onStop: () => void): Interrupts {
  const stop = new AbortController();
  const force = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) {
      force.abort();
      return;
    }
    stop.abort();
    onStop();
  };
  process.on('SIGINT', onSignal);
  return {stop: stop.signal, force: force.signal, close: () => process.off('SIGINT', onSignal)};
}
