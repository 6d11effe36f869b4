import {createHash} from 'node:crypto';
import {quoteWord} from '../ssh/quote.js';
import type {Script} from '../ssh/host.js';
import {layout} from '../templates/layout.js';
import {contents} from './shell/contents.js';
import {frame} from './shell/frame.js';
import {homeOf} from './shell/home-of.js';
import {gateway} from './shell/gateway.js';
import {machine} from './shell/machine.js';
import {openclaw} from './shell/openclaw.js';
import type {FactsRequest} from './types.js';

/**
 * The marker in front of every section of a reading. It follows from the key of the run, so no text that lay on
 * the host before can hold it.
 */
export function markerOf(request: FactsRequest): string {
  return `@facts-${createHash('sha256').update(`marker of ${request.key}`).digest('hex').slice(0, 32)}`;
}

/**
 * One plain POSIX script that reads everything `HostFacts` holds, in one round trip; needs root. It changes
 * nothing (a temporary folder under /run goes away with it), bounds every part with `timeout`, and sends secrets
 * only as hashes under the key of the request. `accountsProgram` runs on the host's own Node, as the gateway's user.
 */
export function factsScript(request: FactsRequest, accountsProgram: string): Script {
  return {
    label: 'read the facts of this host',
    text: [
      settings(request),
      frame,
      homeOf,
      machine,
      contents,
      gateway,
      openclaw,
      program(request, accountsProgram),
      main(request),
    ].join('\n'),
  };
}

function settings(request: FactsRequest): string {
  return [
    `N=${quoteWord(markerOf(request))}`,
    `K=${quoteWord(request.key)}`,
    `WANTED=${quoteWord(request.gatewayUser ?? '')}`,
    `BINDIRS=${quoteWord(request.binDirs.join(' '))}`,
    `STAMP=${quoteWord(layout.syncStamp)}`,
    `PUSHWHY=${quoteWord(layout.pushWhy)}`,
    `INUSE=${quoteWord(layout.inUse)}`,
    `CHECKOUTS=${quoteWord(`:${request.checkouts.join(':')}:`)}`,
    `APPROVED=${quoteWord(layout.approvedSplit)}`,
    `SPLITKEY=${quoteWord(layout.splitKey)}`,
    `OWNUSER=${quoteWord(layout.user)}`,
    `OWNPACKAGE=${quoteWord(layout.openclawPackage)}`,
    // A host's environment may hold these names.
    'GU= GH= GP= FORM= UNIT= UNITFILE= UNITTEXT= SCOPE= CT= EXE= CWD= ARGV= NODE= P= V=',
    'ENGINE= CUSER= CID= CNAME= CSTATE= CDIR= CSERVICE=',
    'LOGIN=${SUDO_USER:-$(id -un)}',
  ].join('\n');
}

/** The here-document ends at a line that the program cannot contain. */
function program(request: FactsRequest, text: string): string {
  const end = `${markerOf(request)}-program`;
  if (text.includes(end)) throw new TypeError('The accounts program holds the marker of this run.');
  return `program() {\n  cat <<'${end}'\n${text.endsWith('\n') ? text : `${text}\n`}${end}\n}`;
}

/** Everything is inside functions, so that nothing reads the rest of the script from its stdin. */
function main(request: FactsRequest): string {
  const q = (words: readonly string[]) => words.map((word) => quoteWord(word)).join(' ');
  const each = (name: string, command: string, list: readonly string[][]) => [
    `${name}() {`,
    ...list.map((words, index) => `  ${command} ${index} ${q(words)}`),
    '  :',
    '}',
  ];
  const when = (present: boolean, line: string) => (present ? [line] : []);
  return [
    ...each(
      'all_users',
      'user',
      request.users.map((name) => [name]),
    ),
    ...each(
      'all_files',
      'file',
      request.files.map(({path, secret}) => [path, secret ? 'secret' : 'plain']),
    ),
    ...each(
      'all_env_files',
      'env_file',
      request.envFiles.map((path) => [path]),
    ),
    ...each(
      'all_nodes',
      'node_version',
      request.binDirs.map((dir) => [dir]),
    ),
    ...each(
      'all_checkouts',
      'checkout',
      request.checkouts.map((path) => [path]),
    ),
    'main() {',
    '  s clock clock',
    '  s gateway gateway',
    '  find_node',
    '  bg accounts accounts',
    '  bg fail2ban fail2ban',
    '  bg tailscale tailscale_state',
    '  bg clocksynced clock_synced',
    ...when(
      request.probe !== undefined,
      request.probe === 'watched'
        ? `  bg probe probe_watched ${quoteWord(layout.monitorSettings)}`
        : `  bg probe probe ${q([request.probe?.address ?? '', String(request.probe?.port ?? 0)])}`,
    ),
    '  bg nodes all_nodes',
    '  s machine machine',
    '  s sshport ssh_port',
    '  s disks disks',
    '  s mounts mounts',
    '  s passwd accounts_db',
    '  s group groups_db',
    '  s addresses addresses',
    '  s listeners listeners',
    ...when(request.packages.length > 0, `  s packages packages ${q(request.packages)}`),
    '  s aptlock apt_lock',
    ...when(request.units.length > 0, `  s units units ${q(request.units)}`),
    '  s firewall firewall',
    '  s git git_version',
    '  s users all_users',
    '  s files all_files',
    '  s envfiles all_env_files',
    '  s checkouts all_checkouts',
    `  s lock setup_lock ${quoteWord(layout.lock)}`,
    `  s monitor small_file ${quoteWord(layout.stateJson)}`,
    '  bg_end',
    '  s workspace workspace',
    '  s clock2 clock',
    '}',
    'main </dev/null',
    '',
  ].join('\n');
}
