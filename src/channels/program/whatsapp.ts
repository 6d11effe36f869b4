import {join} from 'node:path';
import {isTree, treeAt} from './plain-object.js';
import {expandHome, resolveText, type Around} from './resolve.js';

/**
 * The phone number a WhatsApp account is linked to, and the private key of that link, from its `creds.json`.
 * @returns undefined when it is not linked
 */
export function linkedNumber(
  authDir: unknown,
  account: string,
  around: Around,
): {number: string; key: string} | {unknown: string} | undefined {
  const folder = resolveText(authDir, around.env);
  if (folder && 'unresolved' in folder) return {unknown: `authDir cannot be read: ${folder.unresolved}`};
  const credentials = around.env.OPENCLAW_OAUTH_DIR?.trim() || join(around.stateDir, 'credentials');
  const places = folder
    ? [expandHome(folder.value, around.home)]
    : [join(credentials, 'whatsapp', account), ...(account === 'default' ? [credentials] : [])];
  for (const place of places) {
    const path = join(place, 'creds.json');
    let text: string;
    try {
      text = around.files.read(path);
    } catch (error) {
      if ((error as Error).message === 'does not exist') continue;
      return {unknown: `${path} ${(error as Error).message}`};
    }
    return fromCreds(text) ?? {unknown: `${path} names no phone number`};
  }
  return undefined;
}

function fromCreds(text: string): {number: string; key: string} | undefined {
  let creds: unknown;
  try {
    creds = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isTree(creds)) return undefined;
  const number = /^(\d+)[:@]/.exec(String(treeAt(creds, 'me').id ?? ''))?.[1];
  const identityKey = treeAt(creds, 'signedIdentityKey').private;
  return number ? {number, key: identityKey === undefined ? text : JSON.stringify(identityKey)} : undefined;
}
