import {Abort} from '../../errors.js';
import {layout} from '../../templates/layout.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {Apply} from '../kind.js';
import {mustScript} from '../must.js';
import {tail} from '../must.js';
import {openclawAs, standbyCli} from '../../gateway/cli.js';

export const file: Apply<'file'> = async (change, {host}) => {
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

export const directory: Apply<'directory'> = async ({path, owner, group, mode}, {host}) => {
  const text = `set -eu
mkdir -p -- ${q(path)}
chown ${q(`${owner}:${group}`)} -- ${q(path)}
chmod ${mode.toString(8)} -- ${q(path)}
`;
  await mustScript(host, {label: `mkdir ${path}`, text}, {doing: `make the folder ${path}`});
};

/**
 * Names and values of an env file are merged: lines of others stay, ours are replaced, generated values are
 * made once on the host and kept. The values travel on stdin and are in no argv and no environment.
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
    return `${name}=${dotenvQuote(text)}`;
  });
  const names = Object.keys(change.entries);
  const text = `set -eu
umask 077
path=${q(path)}
new=$path.failover-new
trap 'rm -f "$new"' EXIT
[ -e "$path" ] || : > "$path"
{
  if ! head -n 1 "$path" | grep -q failover-wizard; then printf '%s\\n' ${q(change.header.trimEnd())}; fi
  grep -vE ${q(`^(export )?(${supplied.map(([name]) => name).join('|') || '\\$none'})=`)} "$path" || [ $? -eq 1 ]
  cat <<'FAILOVER_WIZARD_VALUES'
${lines.join('\n')}
FAILOVER_WIZARD_VALUES
${generated.map(([name]) => `  grep -qE ${q(`^${name}=`)} "$path" || printf '%s=%s\\n' ${q(name)} "$(od -An -N32 -tx1 /dev/urandom | tr -d ' \\n')"`).join('\n')}
} | grep -v '^$' > "$new"
chown ${q(`${owner}:${group}`)} "$new"
chmod 600 "$new"
sync "$new"
mv -f "$new" "$path"
rm -f ${q(layout.proofs)}/models ${q(layout.proofs)}/live ${q(layout.proofs)}/failover
`;
  await mustScript(host, {label: `write ${names.join(', ')} to ${path}`, text}, {doing: `write ${path}`});
};

/** dotenv reads single-quoted text as it is; a value with a single quote goes into double quotes, escaped. */
function dotenvQuote(value: string): string {
  if (/^[\w.:/+@%-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  if (!value.includes('`')) return `\`${value}\``;
  if (!value.includes('"')) return `"${value}"`;
  throw new Abort('A secret holds all three kinds of quotes, which an env file cannot carry.', {
    next: ['Renew the credential; most services never issue such a value.'],
  });
}

/**
 * The standby's gateway config: a copy beside it is validated by the real program first, then renamed. Old
 * backups go first, or OpenClaw would restore one of them over a file it thinks broken.
 */
export const gatewayConfig: Apply<'gateway-config'> = async (change, {host}) => {
  const copy = `${change.path}.failover-new`;
  await host.write({
    path: copy,
    content: `${change.header}${JSON.stringify(change.tree, null, 2)}\n`,
    owner: change.user,
    group: change.user,
    mode: 0o600,
  });
  const checked = await host.run(
    openclawAs(standbyCli, ['config', 'validate', '--json'], {OPENCLAW_CONFIG_PATH: copy}),
    {
      user: change.user,
      timeoutMs: 60_000,
      label: 'openclaw config validate',
    },
  );
  if (checked.code !== 0) {
    await host.run(['rm', '-f', '--', copy]);
    throw new Abort("OpenClaw does not accept the standby's config; nothing was changed.", {
      detail: tail(checked.stdout || checked.stderr, 12),
      next: ['Correct the channel settings or the model in the answers, then run the same command again.'],
    });
  }
  const text = `set -eu
rm -f -- ${q(change.path)}.bak*
mv -f -- ${q(copy)} ${q(change.path)}
rm -f ${q(layout.proofs)}/models ${q(layout.proofs)}/live ${q(layout.proofs)}/failover
`;
  await mustScript(
    host,
    {label: `put ${change.path} in place`, text},
    {doing: `put ${change.path} in place`},
  );
};
