/** Words at the end of a key that make its value a secret: `botToken`, `api_key`, `nickserv.password`. */
const secretWord =
  /(?:token|tokens|password|passwd|passphrase|passcode|secret|secrets|api_?key|private_?key|encrypt(?:ion)?_?key|signing_?key|access_?key|auth_?key|auth_?tag|bearer|credentials?|service_?account|cookies?|pin|authorization|key)$/i;

/** Keys that end in such a word and hold none: paths, counters, names of other things. */
const notSecret =
  /(?:(?:max|min|context|total|reserve|budget|keep|input|output|prompt|completion|thinking|threshold|soft|hard|num|target)\w*tokens?|tokens?(?:limit|budget)|public_?key|session_?key|key_?ref|token_?ref|cache_?key|sort_?key|primary_?key|hot_?key|map_?key|group_?key|thread_?key|foreign_?key|secret_?provider)$/i;

/** Objects whose every value may be a secret, whatever its key. */
const secretMap = /^(?:env|vars|headers|defaultHeaders|extraHeaders|cookies|secrets)$/;

/** Values that are credentials by their look, wherever they stand. */
const secretLook =
  /^(?:sk-[\w-]{16,}|xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|tskey-[\w-]{10,}|\d{6,}:[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}|nsec1[a-z0-9]{50,}|Bearer\s+\S{8,}|Basic\s+\S{8,})$|-----BEGIN [A-Z ]*PRIVATE KEY-----|:\/\/[^/\s:@]*:[^/\s@]+@|[?&](?:token|key|secret|password|sig|signature|api_?key|access_token)=[^&\s]{6,}/i;

/** Whether the text under this key (its object's key above it) is a secret. */
export function isSecretKey(key: string, parent?: string): boolean {
  if (parent !== undefined && secretMap.test(parent)) return true;
  return secretWord.test(key) && !notSecret.test(key);
}

export function looksSecret(value: string): boolean {
  return secretLook.test(value);
}

/** `--token`, `--api-key`: a flag whose value, in the same word or the next, is a secret. */
export function isSecretFlag(word: string): boolean {
  return /^--?[\w-]+$/.test(word) && isSecretKey(word.replaceAll('-', '_'));
}
