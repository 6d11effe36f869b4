import {getAt, type Path} from '../../pair/path.js';
import type {Asking, Question} from './question.js';
import {asksList, listOf, printList} from './simple.js';

const allow: Path = ['secretsSync', 'allow'];
const wanted = ({draft}: Asking) => typeof getAt(draft, ['secretsSync', 'host']) === 'string';

/** Pulling secrets is off unless a source is named; then only its list of files is asked for. */
export const secretsPull: readonly Question[] = [
  {
    path: ['secretsSync', 'host'],
    label: 'Secrets pulled from',
    flag: {
      flags: '--secrets-from <user@ip>',
      describe: 'the standby pulls env files from this server while it sleeps (default: none)',
    },
  },
  {
    path: ['secretsSync', 'path'],
    label: 'Their folder',
    flag: {flags: '--secrets-path <dir>', describe: 'folder of those files there (default: ~/.secrets)'},
    when: wanted,
    initial: () => '~/.secrets',
    known: true,
  },
  {
    path: allow,
    label: 'Files that may be pulled',
    flag: {
      flags: '--secrets-allow <names>',
      describe: 'names of the files that may be pulled, e.g. a.env,b.env',
      parse: listOf,
      print: printList,
    },
    when: wanted,
    required: true,
    ask: asksList(allow, {
      message: 'Files to pull',
      why: 'Separated by commas, plain names that end in .env. Nothing else is ever sent, and no channel credentials.',
      least: 1,
    }),
  },
  {
    path: ['secretsSync', 'hostKey'],
    label: 'Host key of that server',
    flag: {
      flags: '--secrets-host-key <SHA256:…>',
      describe: 'expected host key of a third server that secrets are pulled from',
    },
  },
];
