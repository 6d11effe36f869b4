import {ok, problem, tip, type Finding} from '../finding.js';
import type {KeyReading, Readings} from '../readings.js';

/** The ssh program, the agent, keys and known_hosts. Pure. */
export function sshFindings({ssh, platform}: Pick<Readings, 'ssh' | 'platform'>): Finding[] {
  return [
    program(ssh),
    ...config(ssh),
    ...agent({ssh, platform}),
    ...folder({ssh, platform}),
    ...ssh.keys.flatMap((key) => keyFindings(key, platform)),
    knownHosts(ssh),
  ];
}

function program({version}: Readings['ssh']): Finding {
  if (version !== undefined) return ok('ssh', `${version} is there.`);
  return tip(
    'ssh',
    'There is no ssh program: your SSH config is not read, and the hosts have to be named in full.',
    'Install the OpenSSH client.',
  );
}

function config({version, configError}: Readings['ssh']): Finding[] {
  if (version === undefined) return [];
  if (configError === undefined) return [ok('ssh-config', 'ssh -G reads your SSH config.')];
  return [
    problem(
      'ssh-config',
      `ssh refuses your SSH config: ${configError}`,
      'Put ~/.ssh/config right; ssh -G HOST shows it.',
    ),
  ];
}

function agent({ssh, platform}: Pick<Readings, 'ssh' | 'platform'>): Finding[] {
  const usable = ssh.keys.some(({kind}) => kind === 'plain' || kind === 'encrypted');
  const start =
    platform === 'win32'
      ? "In an administrator's PowerShell: Set-Service ssh-agent -StartupType Automatic; Start-Service ssh-agent"
      : 'eval "$(ssh-agent)"; ssh-add';
  switch (ssh.agent.state) {
    case 'none':
      return usable
        ? [tip('agent', 'No SSH agent is set: a key with a passphrase asks for it in each run.', start)]
        : [
            tip(
              'agent',
              'There is no SSH agent and no key: only a password is left to log in with, and you type it each time.',
              'ssh-keygen -t ed25519, then ssh-copy-id root@HOST for both servers',
            ),
          ];
    case 'silent':
      return [(usable ? tip : problem)('agent', `The SSH agent does not answer: ${ssh.agent.why}.`, start)];
    case 'unasked':
      return [ok('agent', 'An SSH agent is set; without ssh-add its keys are not counted.')];
    case 'answers': {
      const {types} = ssh.agent;
      if (types.length === 0) {
        return [(usable ? tip : problem)('agent', 'The SSH agent answers and has no key.', 'ssh-add')];
      }
      const hardware = types.filter((type) => type.endsWith('-SK')).length;
      const found = [ok('agent', `The SSH agent answers with ${counted(types.length, 'key')}.`)];
      if (hardware > 0)
        found.push(securityKey(hardware === 1 ? 'One key of the agent' : `${hardware} keys of the agent`));
      return found;
    }
  }
}

const securityKey = (which: string): Finding =>
  tip(
    'keys',
    `${which} cannot be used here: it needs a FIDO security key, which this program cannot ask, nor through an agent.`,
    'Give the two servers a plain key as well: ssh-keygen -t ed25519',
  );

function folder({ssh: {folderMode}, platform}: Pick<Readings, 'ssh' | 'platform'>): Finding[] {
  if (folderMode === undefined || platform === 'win32' || (folderMode & 0o022) === 0) return [];
  return [problem('keys', `Others may write to ~/.ssh (mode ${octal(folderMode)}).`, 'chmod 700 ~/.ssh')];
}

function keyFindings({path, mode, kind}: KeyReading, platform: NodeJS.Platform): Finding[] {
  if (kind === 'unreadable')
    return [
      tip(
        'keys',
        `${path} cannot be read as a key, and is passed over.`,
        `ssh-keygen -y -f ${path} says why`,
      ),
    ];
  if (platform !== 'win32' && (mode & 0o077) !== 0)
    return [
      problem(
        'keys',
        `Others may read ${path} (mode ${octal(mode)}); OpenSSH refuses such a key.`,
        `chmod 600 ${path}`,
      ),
    ];
  if (kind === 'security-key') return [securityKey(path)];
  return [
    ok('keys', `${path} is a key${kind === 'encrypted' ? ' with a passphrase' : ' without a passphrase'}.`),
  ];
}

function knownHosts({knownHosts: {path, state, why}}: Readings['ssh']): Finding {
  switch (state) {
    case 'readable':
      return ok('known_hosts', `${path} can be read.`);
    case 'absent':
      return ok('known_hosts', `There is no ${path} yet: you are shown each host's key once, and asked.`);
    case 'unreadable':
      return problem(
        'known_hosts',
        `${path} cannot be read: ${why}.`,
        `Check its owner and mode: ls -l ${path}`,
      );
  }
}

const octal = (mode: number) => (mode & 0o777).toString(8).padStart(4, '0');
const counted = (count: number, what: string) => (count === 1 ? `one ${what}` : `${count} ${what}s`);
