import {quoteDotenv} from '../../channels/program/environment.js';
import {Abort} from '../../errors.js';
import {appliedStamp, layout} from '../../templates/layout.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {ProofName} from '../change.js';
import type {Apply} from '../kind.js';
import {mustRun, mustScript, tail} from '../must.js';
import type {Host} from '../../ssh/host.js';
import {openclawAs, standbyCli} from '../../gateway/cli.js';
import {gatewayProofs} from '../../phases/wants.js';

export const file: Apply<'file'> = async (change, {host}) => {
  // First, so that no cut leaves a note saying that a unit runs with what is only written yet.
  if (change.unit !== undefined) {
    const stamp = appliedStamp(change.unit);
    await mustScript(
      host,
      {label: `rm ${stamp}`, text: `rm -f -- ${q(stamp)}\n`},
      {doing: `note that ${change.unit} has to be restarted`},
    );
  }
  await host.write(change.file);
  if (change.reload) {
    await mustScript(
      host,
      {label: 'systemctl daemon-reload', text: 'systemctl daemon-reload\n'},
      {doing: 'reload systemd'},
    );
  }
};

export const removeFile: Apply<'remove-file'> = async (change, {host}) => {
  await mustScript(
    host,
    {label: `rm ${change.path}`, text: `rm -f -- ${q(change.path)}\n`},
    {doing: `remove ${change.path}`},
  );
};

/**
 * A user's folder is made by that user. Owner and mode are set by root, but only on the folder that it stands
 * in, and only when that is where the path says: a link put there would lead root's chown anywhere.
 */
export const directory: Apply<'directory'> = async ({path, owner, group, mode}, {host}) => {
  const doing = `make the folder ${path}`;
  const make = `umask ${owner === 'root' ? '022' : '077'}\nmkdir -p -- ${q(path)}\n`;
  if (owner !== 'root')
    await mustScript(host, {label: `mkdir ${path}`, text: `set -eu\n${make}`}, {doing, user: owner});
  const text = `set -eu
path=${q(path)}
${owner === 'root' ? make : ''}refuse() { echo "$path is a link or leads elsewhere" >&2; exit 1; }
[ ! -L "$path" ] || refuse
cd -P -- "$(dirname -- "$path")"
parent=$(pwd -P)
cd -P -- "./$(basename -- "$path")"
[ "$(pwd -P)" = "\${parent%/}/$(basename -- "$path")" ] || refuse
chown ${q(`${owner}:${group}`)} .
chmod ${mode.toString(8)} .
`;
  await mustScript(host, {label: `owner and mode of ${path}`, text}, {doing});
};

/**
 * What was proven with the old credentials is proven no more. Root's step, before the new ones are put in
 * place: a cut between the two leaves a proof to be tried again, never one that says too much.
 */
async function dropProofs(host: Host, proofs: readonly ProofName[]): Promise<void> {
  const stamps = proofs.map((name) => q(`${layout.proofs}/${name}`)).join(' ');
  await mustScript(
    host,
    {label: 'proofs are to be tried again', text: `rm -f -- ${stamps}\n`},
    {doing: 'drop the proofs of the old settings'},
  );
}

/**
 * Names and values of an env file are merged: lines of others stay, ours are replaced, generated values are
 * made once on the host and kept. The values travel on stdin and are in no argv and no environment. Its owner
 * does it: root writes through no path that somebody else can put a link into.
 */
export const envFile: Apply<'env-file'> = async (change, {host}) => {
  const {path, owner, group} = change;
  const supplied = Object.entries(change.entries).filter(([, value]) => value !== 'generate');
  const generated = Object.entries(change.entries).filter(([, value]) => value === 'generate');
  const lines = supplied.map(([name, value]) => {
    const text = value === 'generate' ? '' : value.reveal();
    if (/[\r\n\0]/.test(text)) {
      throw new Abort(`The secret for ${name} has a line break in it.`, {next: ['Give it as one line.']});
    }
    return `${name}=${dotenvValue(text)}`;
  });
  const gone = [...supplied.map(([name]) => name), ...change.drop];
  const text = `set -eu
umask 077
path=${q(path)}
new=$path.failover-new
trap 'rm -f "$new"' EXIT
rm -f -- "$new"
[ -e "$path" ] || : > "$path"
if [ ! -f "$path" ] || [ ! -r "$path" ]; then echo "$path cannot be read by $(id -un)" >&2; exit 1; fi
{
  if ! head -n 1 "$path" | grep -q failover-wizard; then printf '%s\\n' ${q(change.header.trimEnd())}; fi
  grep -vE ${q(`^(export )?(${gone.join('|') || '\\$none'})=`)} "$path" || [ $? -eq 1 ]
  cat <<'FAILOVER_WIZARD_VALUES'
${lines.join('\n')}
FAILOVER_WIZARD_VALUES
${generated.map(([name]) => `  grep -qE ${q(`^${name}=`)} "$path" || printf '%s=%s\\n' ${q(name)} "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \\n')"`).join('\n')}
} | grep -v '^$' > "$new"
chmod ${(change.mode ?? 0o600).toString(8)} "$new"
${group === owner ? '' : `chgrp ${q(group)} "$new"\n`}sync "$new"
mv -f "$new" "$path"
`;
  const names = Object.keys(change.entries);
  const what = names.length > 0 ? `write ${names.join(', ')} to` : `take ${change.drop.join(', ')} out of`;
  await dropProofs(host, change.proofs);
  await giveBack(host, path, owner, group);
  await mustScript(host, {label: `${what} ${path}`, text}, {doing: `write ${path}`, user: owner});
};

/** A file that somebody made as root in a user's folder; `-h` and the link count keep root from following a link. */
async function giveBack(host: Host, path: string, owner: string, group: string): Promise<void> {
  const text = `set -eu
path=${q(path)}
if [ -L "$path" ] || [ ! -f "$path" ] || [ "$(stat -c %U -- "$path")" = ${q(owner)} ]; then exit 0; fi
[ "$(stat -c %h -- "$path")" -eq 1 ] || { echo "$path has a second name" >&2; exit 1; }
chown -h ${q(`${owner}:${group}`)} -- "$path"
`;
  await mustScript(host, {label: `owner of ${path}`, text}, {doing: `give ${path} to ${owner}`});
}

function dotenvValue(value: string): string {
  const quoted = quoteDotenv(value);
  if (quoted !== undefined) return quoted;
  throw new Abort('A secret holds all three kinds of quotes, which an env file cannot carry.', {
    next: ['Renew the credential; most services never issue such a value.'],
  });
}

/**
 * The standby's gateway config: a copy beside it is validated by the real program first, then renamed. Old
 * backups go first, or OpenClaw would restore one of them over a file it thinks broken.
 */
export const gatewayConfig: Apply<'gateway-config'> = async (change, {host}) => {
  const {user} = change;
  const copy = `${change.path}.failover-new`;
  // The gateway's user writes into its own folder; the text comes on stdin and is in no argv.
  const write = 'umask 077; rm -f -- "$1" && cat > "$1" && sync -- "$1"';
  await mustRun(host, ['sh', '-c', write, 'sh', copy], {
    doing: `write ${copy}`,
    user,
    label: `write ${copy}`,
    stdin: `${change.header}${JSON.stringify(change.tree, null, 2)}\n`,
  });
  const checked = await host.run(
    openclawAs(standbyCli, ['config', 'validate', '--json'], {OPENCLAW_CONFIG_PATH: copy}),
    {
      user,
      timeoutMs: 60_000,
      label: 'openclaw config validate',
    },
  );
  if (checked.code !== 0) {
    await host.run(['rm', '-f', '--', copy], {user});
    throw new Abort("OpenClaw does not accept the standby's config; nothing was changed.", {
      detail: tail(checked.stdout || checked.stderr, 12),
      next: ['Correct the channel settings or the model in the answers, then run the same command again.'],
    });
  }
  await dropProofs(host, gatewayProofs);
  const text = `set -eu
rm -f -- ${q(change.path)}.bak*
mv -fT -- ${q(copy)} ${q(change.path)}
`;
  await mustScript(
    host,
    {label: `put ${change.path} in place`, text},
    {doing: `put ${change.path} in place`, user},
  );
};
