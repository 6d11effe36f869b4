import {parseSource, type SecretsSync} from '../../pair/secrets-source.js';
import type {RemoteFile} from '../../ssh/host.js';
import type {Origin} from '../header.js';
import {layout} from '../layout.js';
import {markerWord} from '../secrets-source.js';
import {report} from './git-parts.js';
import {scriptFile} from './script-file.js';

export const secretsPullScriptName = 'secrets-pull';

/** bytes of one file, and of all of them. */
const maxFile = 64 * 1024;
const maxAll = 1024 * 1024;

/**
 * Brings the allowed files from the source while the standby sleeps. What came is looked at in a folder of its own;
 * only a whole, plain and harmless set takes the place of the one in force, with one rename.
 */
export function secretsPullScript(origin: Origin, sync: SecretsSync): RemoteFile {
  const source = parseSource(sync.host);
  if (!source) throw new TypeError(`${sync.host} is no source of secrets.`);
  return scriptFile(
    origin,
    secretsPullScriptName,
    'Brings the allowed files from their source, and puts them in force as a whole or not at all.',
    {
      user: source.user,
      address: source.address,
      port: String(source.port),
      key: layout.secretsPullKey,
      known_hosts: layout.secretsKnownHosts,
      marker_of_pair: `${markerWord} ${origin.pairName}`,
      files: sync.allow.join(' '),
      max_file: String(maxFile),
      // Room for the headers and the padding of the archive.
      max_stream: String(maxAll + sync.allow.length * 2048 + 20_480),
      store: layout.pulledSecrets,
      gateway_env: layout.gatewayEnv,
      home: layout.home,
      role_file: layout.role,
      result_file: `${layout.workRun}/secrets.json`,
      node: layout.node,
      accounts: layout.accountsProgram,
    },
    report,
    String.raw`
export LC_ALL=C
umask 077
# No program that runs here writes more than 2 MiB into one file, whatever it is sent.
ulimit -f 4096

# While the gateway runs here a takeover is in hand, and it has what it started with.
wish=
if [ -f "$role_file" ]; then read -r wish _ <"$role_file" || true; fi
if [ "$wish" = active ]; then exit 0; fi

mkdir -p "$store"
chmod 700 "$store"
exec 9>"$store/.lock"
flock -n 9 || exit 0

incoming=$store/incoming
current=$(readlink "$store/current" || true)
# What a run that was ended left behind, and the set before the current one.
for old in "$store"/set-* "$incoming" "$store/current.new"; do
  if [ "$old" != "$store/$current" ]; then rm -rf -- "$old"; fi
done

told=
give_up() {
  told=1
  report "$1" "$2"
  exit 1
}
refuse() { give_up refused "$1"; }
unreachable() { give_up unreachable "$1"; }
fail() { give_up failed "$1"; }
finish() {
  code=$?
  rm -rf -- "$incoming"
  if [ "$code" -ne 0 ] && [ -z "$told" ]; then report failed "it ended early, with exit code $code; the set in force stays"; fi
}
# OpenClaw reads its own env file first and this one after it, at the next start of the gateway.
link() {
  if [ "$(readlink "$gateway_env" || true)" = "$store/current/all" ]; then return 0; fi
  if [ -e "$gateway_env" ] && [ ! -L "$gateway_env" ]; then fail "$gateway_env is a file of somebody else"; fi
  mkdir -p "$(dirname "$gateway_env")"
  ln -sfn "$store/current/all" "$gateway_env"
}
`,
    String.raw`
trap finish EXIT
trap 'exit 143' TERM
mkdir "$incoming" "$incoming/set"
if [ ! -r "$key.pub" ] || [ ! -r "$known_hosts" ]; then fail "there is no key or no pinned host key yet"; fi
read -r _ body _ <"$key.pub"
marker="$marker_of_pair $(printf %s "$body" | sha256sum | cut -c1-32)"
{
  code=0
  timeout -k 5 30 ssh -F /dev/null -T -n -i "$key" -l "$user" -p "$port" -o IdentitiesOnly=yes -o BatchMode=yes \
    -o PreferredAuthentications=publickey -o UserKnownHostsFile="$known_hosts" -o GlobalKnownHostsFile=/dev/null \
    -o StrictHostKeyChecking=yes -o UpdateHostKeys=no -o ConnectTimeout=10 -o ServerAliveInterval=5 \
    -o ServerAliveCountMax=2 -o ClearAllForwardings=yes -o LogLevel=ERROR -- "$address" secrets \
    2>"$incoming/said" || code=$?
  echo "$code" >"$incoming/code"
} | head -c "$((max_stream + 1))" >"$incoming/stream"
read -r code <"$incoming/code"

if [ "$(wc -c <"$incoming/stream")" -gt "$max_stream" ]; then refuse "more came than 1 MiB"; fi
case $code in
  124 | 137) unreachable "$address did not end within 30 s" ;;
  255)
    if grep -qiE 'host key verification failed|host identification has changed' "$incoming/said"; then
      refuse "another server answers at $address: its host key is not the pinned one"
    fi
    unreachable "$(tail -n 1 "$incoming/said")"
    ;;
esac
if [ "$(head -n 1 "$incoming/stream" | head -c 200 | tr -d '\000')" != "$marker" ]; then
  refuse "what answers at $address is not the source of this pair"
fi
`,
    String.raw`
tail -n +2 "$incoming/stream" >"$incoming/tar"
: >"$incoming/names"
cut_off=
# Nothing that tar would unpack first: a small stream could become a huge one.
if [ "$(tail -c +258 "$incoming/tar" | head -c 5 | tr -d '\000')" = ustar ]; then
  tar -tf "$incoming/tar" >"$incoming/names" 2>/dev/null || cut_off=1
fi
for file in $files; do
  if ! grep -qxF -e "$file" "$incoming/names"; then refuse "$file is missing at the source"; fi
  if [ "$(tar -tvf "$incoming/tar" -- "$file" 2>/dev/null | cut -c1)" != - ]; then refuse "$file is not one plain file"; fi
done
# shellcheck disable=SC2086 # a list of plain names
set -- $files
if [ "$(wc -l <"$incoming/names")" -ne "$#" ]; then refuse "something came that is not on the list"; fi
if [ -n "$cut_off" ]; then fail "the files did not come whole"; fi
if [ "$code" -ne 0 ]; then fail "the source ended with exit code $code; a file may have changed while it was read"; fi

for file in "$@"; do
  tar -xOf "$incoming/tar" -- "$file" 2>/dev/null | head -c "$((max_file + 1))" >"$incoming/set/$file"
  size=$(wc -c <"$incoming/set/$file")
  if [ "$size" -eq 0 ]; then refuse "$file is empty"; fi
  if [ "$size" -gt "$max_file" ]; then refuse "$file is larger than 64 KiB"; fi
done

code=0
cd "$home"
"$node" "$accounts" pulled "$incoming/set" "$@" >"$incoming/set/all" 2>"$incoming/why" || code=$?
case $code in
  0) ;;
  3) refuse "$(head -n 1 "$incoming/why")" ;;
  *) fail "the files cannot be judged: $(head -n 1 "$incoming/why")" ;;
esac

if [ -n "$current" ] && diff -rq "$store/$current" "$incoming/set" >/dev/null 2>&1; then
  link
  report unchanged "$files"
  exit 0
fi
name=set-$(date -u +%Y%m%dT%H%M%SZ)-$$
sync "$incoming/set"/* "$incoming/set"
mv -T "$incoming/set" "$store/$name"
ln -s "$name" "$store/current.new"
# From here on the new set is the one in force.
mv -fT "$store/current.new" "$store/current"
sync "$store"
link
report pulled "$files"
`,
  );
}
