import {homedir} from 'node:os';
import {callbackify} from 'node:util';
import ssh2 from 'ssh2';
import type {IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions} from 'ssh2';
import {Abort, Exit, messageOf} from '../errors.js';
import {decrypt, readKeyFile} from './key-file.js';
import type {ConnectPrompts, Remembered} from './prompts.js';

type Sign = (data: Buffer, hash: SigningRequestOptions['hash']) => Promise<Buffer>;

/** A key that may log in: its public half, and who signs with the private one. */
export interface Identity {
  /** For messages: `~/.ssh/id_ed25519`, `me@laptop of the agent`. */
  label: string;
  key: ParsedKey;
  sign: Sign;
}

export interface IdentitySources {
  /** The pair's own choice; comes first, and must exist. */
  chosen?: string;
  /** From the OpenSSH configuration. */
  files: readonly string[];
  /** Agent socket. */
  agent: string | undefined;
  /** Offer of the agent only what a file names. */
  identitiesOnly: boolean;
}

export interface Identities {
  identities: Identity[];
  /** One sentence per key that cannot be used, for the message when the login is refused. */
  notes: string[];
}

/** `~` again, for people. */
export function shortPath(path: string): string {
  const home = homedir();
  return path.startsWith(`${home}/`) || path.startsWith(`${home}\\`) ? `~${path.slice(home.length)}` : path;
}

/**
 * Every key that may be offered, in order: the chosen one, the agent's (those that a file names first), the
 * files'. A passphrase is asked for only when a server accepts the key: then `sign` asks.
 * @throws Abort (usage) when the chosen file is missing or no key.
 */
export async function gatherIdentities(
  sources: IdentitySources,
  prompts: ConnectPrompts,
  memory: Remembered,
): Promise<Identities> {
  const notes: string[] = [];
  const fromFile = (path: string): Promise<FromFile> => identityOfFile(path, notes, prompts, memory);
  const chosen = sources.chosen === undefined ? undefined : await fromFile(sources.chosen);
  if (sources.chosen !== undefined && chosen?.kind === 'missing') {
    throw new Abort(`The identity file ${shortPath(sources.chosen)} does not exist.`, {
      next: ['Correct identityFile, or leave it out to use the agent and the OpenSSH configuration.'],
      exit: Exit.usage,
    });
  }
  const files = await Promise.all(
    sources.files.filter((path) => path !== sources.chosen).map((path) => fromFile(path)),
  );
  const agent = sources.agent === undefined ? [] : await identitiesOfAgent(sources.agent, notes);

  const named = new Set([chosen, ...files].flatMap((file) => (file?.key ? [hex(file.key)] : [])));
  const isChosen = (identity: Identity): boolean =>
    chosen?.key !== undefined && hex(identity.key) === hex(chosen.key);
  const isNamed = (identity: Identity): boolean => named.has(hex(identity.key));
  const ordered = [
    // The agent's copy of a key needs no passphrase, so it goes before the file.
    ...agent.filter(isChosen),
    ...(chosen?.identity ? [chosen.identity] : []),
    ...agent.filter(isNamed),
    ...(sources.identitiesOnly ? [] : agent),
    ...files.flatMap((file) => (file.identity ? [file.identity] : [])),
  ];
  const seen = new Set<string>();
  const identities = ordered.filter(
    (identity) => !seen.has(hex(identity.key)) && seen.add(hex(identity.key)),
  );
  return {identities, notes};
}

const hex = (key: ParsedKey): string => key.getPublicSSH().toString('hex');

interface FromFile {
  kind: string;
  key?: ParsedKey | undefined;
  identity?: Identity;
}

async function identityOfFile(
  path: string,
  notes: string[],
  prompts: ConnectPrompts,
  memory: Remembered,
): Promise<FromFile> {
  const file = await readKeyFile(path);
  const label = shortPath(path);
  switch (file.kind) {
    case 'missing':
      return {kind: file.kind};
    case 'unreadable':
      notes.push(`${label} cannot be used: ${file.reason}.`);
      return {kind: file.kind};
    case 'security-key':
      notes.push(
        `${label} is a hardware security key (${file.type}), which ssh2 cannot use; load another key into the agent: ssh-add.`,
      );
      return {kind: file.kind};
    case 'public':
      return {kind: file.kind, key: file.key};
    case 'plain':
      return {kind: file.kind, key: file.key, identity: {label, key: file.key, sign: signWith(file.key)}};
    case 'encrypted': {
      const unlock = (): Promise<ParsedKey> => unlocked(path, file.text, notes, prompts, memory);
      if (!file.key) {
        notes.push(
          `${label} is encrypted and has no ${label}.pub beside it; add it to the agent: ssh-add ${label}`,
        );
        return {kind: file.kind};
      }
      const sign: Sign = async (data, hash) => signWith(await unlock())(data, hash);
      return {kind: file.kind, key: file.key, identity: {label, key: file.key, sign}};
    }
  }
}

function signWith(key: ParsedKey): Sign {
  return async (data, hash) => {
    const signature = key.sign(data, hash) as Buffer | Error;
    if (signature instanceof Error) throw signature;
    return signature;
  };
}

/** Asks for the passphrase once per process and file; a wrong one may be corrected twice. */
async function unlocked(
  path: string,
  text: string,
  notes: string[],
  {passphrase}: ConnectPrompts,
  memory: Remembered,
): Promise<ParsedKey> {
  const label = shortPath(path);
  for (let attempt = 0; attempt < 3; attempt++) {
    const secret = await memory.secret(`passphrase of ${path}`, passphrase && (() => passphrase(label)));
    if (!secret) {
      const why = passphrase ? 'no passphrase was given' : 'nobody can be asked for its passphrase';
      notes.push(`${label} is encrypted and ${why}; add it to the agent: ssh-add ${label}`);
      throw new Error(`no passphrase for ${label}`);
    }
    const key = decrypt(text, secret);
    if (!(key instanceof Error)) return key;
    memory.forget(`passphrase of ${path}`);
  }
  notes.push(`The passphrase of ${label} was wrong three times.`);
  throw new Error(`wrong passphrase for ${label}`);
}

async function identitiesOfAgent(socket: string, notes: string[]): Promise<Identity[]> {
  const agent = ssh2.createAgent(socket);
  try {
    const keys = await new Promise<ParsedKey[]>((resolve, reject) => {
      agent.getIdentities((error, list) => (error ? reject(error) : resolve((list ?? []) as ParsedKey[])));
    });
    return keys.map((key) => ({
      label: `${key.comment || key.type} of the agent`,
      key,
      sign: (data, hash) =>
        new Promise((resolve, reject) => {
          agent.sign(key, data, {hash}, (error, signature) =>
            signature ? resolve(signature) : reject(error ?? new Error('the agent gave no signature')),
          );
        }),
    }));
  } catch (error) {
    notes.push(`The SSH agent at ${socket} did not answer (${messageOf(error)}).`);
    return [];
  }
}

/** Lets ssh2 try all identities in one go, as if one agent held them, and tells which one signed last. */
export class IdentityAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #identities: readonly Identity[];
  readonly #asking: <T>(question: () => Promise<T>) => Promise<T>;
  signed: Identity | undefined;

  /** @param asking wraps each signature: a passphrase or a touch of a token may take an operator's time. */
  constructor(identities: readonly Identity[], asking: <T>(question: () => Promise<T>) => Promise<T>) {
    super();
    this.#identities = identities;
    this.#asking = asking;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(
      undefined,
      this.#identities.map(({key}) => key),
    );
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    const done = typeof options === 'function' ? options : callback!;
    const hash = typeof options === 'function' ? undefined : options.hash;
    const identity = this.#identities.find((one) => one.key === key);
    if (!identity) {
      done(new Error('unknown key'));
      return;
    }
    // ssh2 keeps the packet's memory for itself once the callback is due, and a prompt may take minutes.
    const copy = Buffer.from(data);
    const signing = this.#asking(async () => {
      const signature = await identity.sign(copy, hash);
      this.signed = identity;
      return signature;
    });
    callbackify(() => signing)(done);
  }
}
