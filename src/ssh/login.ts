import type {AuthenticationType, AuthHandlerMiddleware, NextAuthHandler} from 'ssh2';
import type {IdentityAgent} from './identities.js';
import type {ConnectPrompts, Remembered} from './prompts.js';

/** What was tried in one login, for the message when it is refused. */
export interface LoginRecord {
  offered: string[];
  /** Methods that the server would take. */
  accepts: string[];
  notes: string[];
  /** Whether a password was sent; it is forgotten when the login fails. */
  passwordSent: boolean;
}

export interface LoginOptions {
  user: string;
  /** Key under which the password is asked and remembered. */
  target: string;
  agent: IdentityAgent;
  /** Labels of the keys the agent offers. */
  labels: readonly string[];
  prompts: ConnectPrompts;
  memory: Remembered;
  /** Wraps every question, so that the time an operator takes does not count. */
  asking: <T>(question: () => Promise<T>) => Promise<T>;
}

/**
 * The order of ways to log in: what the server accepts is asked first (`none`), then all keys, then a
 * password, sent as `password` or as the answer to a keyboard-interactive prompt that hides its input.
 */
export function loginSequence(options: LoginOptions): {handler: AuthHandlerMiddleware; record: LoginRecord} {
  const {user, target, agent, labels, prompts, memory, asking} = options;
  const record: LoginRecord = {offered: [], accepts: [], notes: [], passwordSent: false};
  const tried = new Set<string>();

  const password = async (): Promise<string | undefined> => {
    const {password: ask} = prompts;
    const secret = await asking(() => memory.secret(passwordKey(target), ask && (() => ask(target))));
    if (!secret) {
      record.notes.push(
        ask ? 'No password was given.' : 'The server would take a password, and nobody can be asked for it.',
      );
    }
    record.passwordSent ||= secret !== undefined;
    return secret?.reveal();
  };

  const next = async (accepts: readonly string[]): Promise<Step> => {
    // ssh2 keeps to itself that a key was accepted and a second factor is wanted. A signature that was made and
    // still did not log in means just that, so a password is tried although it was not on the first list.
    const second = agent.signed !== undefined;
    const may = (method: string): boolean => (second || accepts.includes(method)) && !tried.has(method);
    if (may('publickey') && labels.length > 0) {
      tried.add('publickey');
      record.offered.push(...labels.map((label) => `key ${label}`));
      return {type: 'agent', username: user, agent};
    }
    if (may('password')) {
      tried.add('password');
      const secret = await password();
      if (secret !== undefined) {
        // One refused password is enough: not the same again by another road.
        if (accepts.includes('password')) tried.add('keyboard-interactive');
        record.offered.push('password');
        return {type: 'password', username: user, password: secret};
      }
    }
    if (may('keyboard-interactive')) {
      tried.add('keyboard-interactive');
      record.offered.push('keyboard-interactive');
      return {
        type: 'keyboard-interactive',
        username: user,
        prompt: (_name, _instructions, _lang, questions, finish) => {
          const single = questions.length === 1 && questions[0]?.echo !== true;
          if (!single) {
            const count = `The server asks ${questions.length} questions instead of one password.`;
            if (questions.length > 0) record.notes.push(count);
            finish([]);
            return;
          }
          void password().then((secret) => finish(secret === undefined ? [] : [secret]));
        },
      };
    }
    return false;
  };

  const handler: AuthHandlerMiddleware = (accepts: AuthenticationType[] | null, _partial, go) => {
    if (accepts === null) {
      go({type: 'none', username: user});
      return;
    }
    record.accepts = [...accepts];
    void next(accepts)
      .catch(() => false as const)
      .then(go as (step: Step) => void);
  };
  return {handler, record};
}

/** `false` ends the login; the typings of ssh2 leave it out. */
type Step = Parameters<NextAuthHandler>[0] | false;

export const passwordKey = (target: string): string => `password of ${target}`;
