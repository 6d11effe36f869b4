import {Secret} from '../secret.js';
import type {ConnectPrompts} from '../ssh/prompts.js';
import type {Prompter} from './prompter.js';

/** What connecting may have to ask, asked by the same prompter as everything else. */
export function connectPrompts(prompter: Prompter): ConnectPrompts {
  const secret = async (message: string, why: string) => {
    const text = await prompter.password({message, why});
    return text === '' ? undefined : new Secret(text);
  };
  return {
    hostKey: async ({host, target, jump, keyType, fingerprint, note}) => {
      const who = jump ? `the jump host ${target}, on the way to the ${host}` : `the ${host}, ${target}`;
      prompter.note(
        `\n  First contact with ${who}.\n  Its ${keyType} key is ${fingerprint}${note ? `\n  ${note}` : ''}`,
      );
      return prompter.confirm({
        message: 'Is this its key?',
        why: "Compare it with your provider's console, or there with: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
        initial: false,
      });
    },
    passphrase: (path) => secret(`Passphrase of ${path}`, 'It stays in memory for this run.'),
    password: (target) =>
      secret(`Password of ${target}`, 'No key was accepted. It stays in memory for this run.'),
    sudoPassword: (target) =>
      secret(`sudo password of ${target}`, 'It goes to sudo on stdin and stays in memory.'),
  };
}
