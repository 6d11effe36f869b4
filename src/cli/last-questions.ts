import {Abort, Exit} from '../errors.js';
import type {ConnectPrompts} from '../ssh/prompts.js';

/** Questions of an attempt to connect that may outlast the time in which questions can be asked. */
export interface LastQuestions {
  prompts: ConnectPrompts;
  /** Somebody is being asked right now. */
  asking: () => boolean;
  /** A screen is drawn from now on: what would have to be asked is refused. */
  close(): void;
}

/** The same questions, until they are closed. */
export function lastQuestions({hostKey, passphrase, password, sudoPassword}: ConnectPrompts): LastQuestions {
  let asking = 0;
  let closed = false;
  const guard =
    <A extends unknown[], R>(ask: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (closed)
        throw new Abort('Connecting would have to ask something, and a screen is drawn already.', {
          next: ['Leave, and run the same command again when the host answers quickly.'],
          exit: Exit.unreachable,
        });
      asking += 1;
      try {
        return await ask(...args);
      } finally {
        asking -= 1;
      }
    };
  return {
    prompts: {
      ...(hostKey && {hostKey: guard(hostKey)}),
      ...(passphrase && {passphrase: guard(passphrase)}),
      ...(password && {password: guard(password)}),
      ...(sudoPassword && {sudoPassword: guard(sudoPassword)}),
    },
    asking: () => asking > 0,
    close: () => {
      closed = true;
    },
  };
}
