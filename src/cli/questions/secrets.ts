import {fingerprint} from '../../channels/fingerprint.js';
import {channelForm} from '../../pair/channel-forms.js';
import type {Problem} from '../../pair/check.js';
import {notifySecrets} from '../../pair/notify.js';
import {getAt, isRecord, withValue, type Path} from '../../pair/path.js';
import {channelSecretName, networkSecretName} from '../../pair/secret-names.js';
import {wrongText} from '../../pair/secret-text.js';
import {Secret} from '../../secret.js';
import {layout} from '../../templates/layout.js';
import type {Prompter} from '../prompter.js';
import {
  accountsOf,
  configTree,
  credentialFields,
  modelSecretNames,
  modelSecretUse,
  referencedNames,
} from './read-config.js';
import type {Asking, Question} from './question.js';

interface Needed {
  path: Path;
  /** In the standby's env file. */
  name: string;
  /** In the review. */
  label: string;
  message: string;
  why: string;
  required: boolean;
  wrong?: (text: string) => string | undefined;
}

/** Every secret the standby needs for what was answered so far, as questions. */
export function secretQuestions(asking: Asking): Question[] {
  return [...channelSecrets(asking), ...modelSecrets(asking)].map((needed) => questionOf(needed));
}

function questionOf({path, name, label, message, why, required, wrong}: Needed): Question {
  const ask = async (asking: Asking, prompter: Prompter) => {
    const text = await prompter.password({
      message,
      why,
      wrong: (typed) => {
        if (typed === '') return required ? 'this is needed' : undefined;
        return wrongText(typed, 'this') ?? wrong?.(typed);
      },
    });
    if (text === '') return undefined;
    asking.secrets[name] = new Secret(text);
    return {prompt: true};
  };
  return {
    path,
    label,
    tell: (asking, source) => sourceInWords(source, asking.secrets[name] !== undefined),
    required,
    known: true,
    initial: (asking) => (onStandby(asking, name) ? {prompt: true} : undefined),
    ask,
  };
}

/** Where a secret comes from, for the review. */
export function sourceInWords(source: unknown, typed: boolean): string {
  const env = getAt(source, ['env']);
  const file = getAt(source, ['file']);
  if (env !== undefined) return `from the environment variable ${String(env)}`;
  if (file !== undefined) return `from ${String(file)}`;
  return typed ? 'typed just now' : 'on the standby already';
}

/** Whether a secret of that name is in the standby's env file already, from an earlier run. */
function onStandby({facts}: Asking, name: string): boolean {
  return facts?.standby.envFiles[layout.envFile]?.[name] !== undefined;
}

function channelSecrets(asking: Asking): Needed[] {
  const type = getAt(asking.draft, ['channel', 'type']);
  if (typeof type !== 'string') return [];
  const account = getAt(asking.draft, ['channel', 'account']) ?? 'default';
  const form = channelForm(type);
  const accounts = accountsOf(asking.facts?.primary);
  const moved = accounts.find((one) => one.channel === type && one.account === account);
  const given = getAt(asking.draft, ['channel', 'secrets']);
  const has = (field: string | undefined) =>
    field !== undefined && isRecord(given) && Object.hasOwn(given, field);
  const fields = new Map(form.secrets.map((one) => [one.field, one]));
  const movedFields = new Set(moved ? credentialFields(moved) : []);
  for (const field of movedFields) if (!fields.has(field)) fields.set(field, {field, what: field});
  return [...fields.values()]
    .filter((one) => !has(one.instead))
    .filter((one) => !moved || movedFields.has(one.field) || !one.optional)
    .map(({field, what, optional, shape}) => ({
      path: ['channel', 'secrets', field],
      name: channelSecretName(type, field),
      label: `${form.title}: ${what}`,
      message: `${form.title}: ${what}${optional && !movedFields.has(field) ? ' (empty: none)' : ''}`,
      why: moved
        ? 'The one the primary uses for this account: no secret is copied between servers, so it has to be given once.'
        : 'It goes over SSH into a file on the standby that only its gateway can read, and is not kept on this machine.',
      required: movedFields.has(field) || optional !== true,
      wrong: (text: string) => {
        const owner = ownerOnPrimary(asking, text, moved);
        if (owner !== undefined)
          return `this is a credential of the primary's ${owner}, which the primary keeps`;
        return shape && !shape.test(text) ? `this does not look like a ${what}` : undefined;
      },
    }));
}

/** The primary's account that uses this very credential, unless it is the one that moves. */
function ownerOnPrimary(asking: Asking, text: string, moved: object | undefined): string | undefined {
  const key = asking.facts?.primary.key;
  if (key === undefined) return undefined;
  const hash = fingerprint(key, text);
  const owner = accountsOf(asking.facts?.primary).find(
    (one) => one !== moved && one.credentials.some((credential) => credential.fp === hash),
  );
  return owner && `${owner.channel} account "${owner.account}"`;
}

function modelSecrets(asking: Asking): Needed[] {
  const primary = getAt(asking.draft, ['model', 'primary']);
  const fallbacks = getAt(asking.draft, ['model', 'fallbacks']);
  const models = [primary, ...(Array.isArray(fallbacks) ? fallbacks : [])].filter(
    (id) => typeof id === 'string',
  );
  const providers = getAt(asking.draft, ['model', 'providers']);
  const referenced = new Set(referencedNames(providers));
  // It may be among what is pulled; the proof of the models says whether it is.
  const pulls = typeof getAt(asking.draft, ['secretsSync', 'host']) === 'string';
  return modelSecretNames(configTree(asking.facts?.primary), models, providers)
    .filter((name) => referenced.has(name) || !isRecord(getAt(providers, [name])))
    .map((name) => ({name, label: modelSecretUse(name, providers)}))
    .map(({name, label}) => ({
      path: ['model', 'secrets', name],
      name,
      label,
      message: `${label}${pulls ? ' (empty: it is pulled)' : referenced.has(name) ? '' : ' (empty: the standby is logged in by hand)'}`,
      why: `The models of the standby need it, as ${name}; a key of its own lets you see and stop what the standby spends.`,
      required: referenced.has(name) && !pulls,
    }));
}

/**
 * Secrets that were typed in an earlier run and are not on the standby (a new machine) have to be asked again:
 * their place in the draft is emptied. Gives the paths.
 */
export function forgetLostSecrets(asking: Asking): Problem[] {
  const lost: Problem[] = [];
  // An auth key is used once and kept nowhere; where it is still needed, it is simply asked for.
  if (getAt(asking.draft, ['network', 'authKey', 'prompt']) === true && !asking.secrets[networkSecretName]) {
    asking.draft = withValue(asking.draft, ['network', 'authKey'], undefined);
  }
  // Asked as a whole; without anybody to ask, the saved entries stay and phase 4 names what is missing.
  if (notifySecrets(asking.draft).some(({path, name}) => isLostNotify(asking, path, name)))
    asking.draft = withValue(asking.draft, ['notify'], undefined);
  const type = String(getAt(asking.draft, ['channel', 'type']) ?? '');
  const sections: [section: string, name: (field: string) => string][] = [
    ['channel', (field) => channelSecretName(type, field)],
    ['model', (field) => field],
  ];
  for (const [section, nameOf] of sections) {
    const secrets = getAt(asking.draft, [section, 'secrets']);
    if (!isRecord(secrets)) continue;
    for (const [field, source] of Object.entries(secrets)) {
      if (
        getAt(source, ['prompt']) !== true ||
        asking.secrets[nameOf(field)] ||
        onStandby(asking, nameOf(field))
      )
        continue;
      const path = [section, 'secrets', field];
      asking.draft = withValue(asking.draft, path, undefined);
      asking.saved = withValue(asking.saved, path, undefined);
      lost.push({path, what: 'was typed in an earlier run and is not on the standby', missing: true});
    }
  }
  return lost;
}

const isLostNotify = ({draft, secrets, facts}: Asking, path: Path, name: string) =>
  getAt(draft, [...path, 'prompt']) === true &&
  !secrets[name] &&
  facts?.standby.envFiles[layout.notifySecrets]?.[name] === undefined;
