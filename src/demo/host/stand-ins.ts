import {pathToFileURL} from 'node:url';
import {addresses} from '../net/table.js';
import {programs} from './programs.js';

/** What the small programs below know of their host. Paths are of this machine. */
export interface About {
  name: 'primary' | 'standby';
  root: string;
  /** Folder of the notes on who owns what: one file per inode and the moment in which it was made, `USER GROUP`. */
  owners: string;
  /** Folder that says which host is down and which network is cut. */
  network: string;
  /** The Node of this machine. */
  node: string;
  /** JSON for the preload. */
  rehearsal: string;
  /** The real `stat`, `sh`, `ssh`, `ssh-keygen` and `uname`. */
  stat: string;
  sh: string;
  ssh: string;
  sshKeygen: string;
  uname: string;
  /** Socket of the host's systemd. */
  bus: string;
}

const q = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const head = '#!/bin/sh\n# Stand-in of a failover-wizard rehearsal: this host is a folder.\n';

/**
 * The monitor is started without a compiler, which Node 22 cannot be asked for together with its http: it loads fetch then,
 * and that needs WebAssembly. A standby has the Node that OpenClaw asks for; a rehearsal has the one that runs it.
 */
const needsCompiler = Number(process.versions.node.split('.')[0]) < 24;
const withCompiler = `count=$#
while [ "$count" -gt 0 ]; do
  case $1 in --jitless) ;; *) set -- "$@" "$1" ;; esac
  shift
  count=$((count - 1))
done
`;

/** Node as a host of the rehearsal has it: the one that runs this, with the host's files and network. */
export const nodeText = ({node, rehearsal}: About): string =>
  `${head}${needsCompiler ? withCompiler : ''}FAILOVER_REHEARSAL=${q(rehearsal)} exec ${q(node)} --disable-warning=ExperimentalWarning --import ${q(pathToFileURL(programs.preload).href)} "$@"\n`;

/** Programs of the host's /usr/bin that need an operating system, by name: what is small enough to be said in sh. */
export function standIns(about: About): Record<string, string> {
  const {root, owners, node, bus, stat, sh, ssh, sshKeygen, uname, network, name} = about;
  const client = (program: string) =>
    `${head}exec ${q(node)} ${q(programs.systemdClient)} ${q(bus)} ${program} "$@"\n`;
  const js = (file: string) => `${head}exec ${q(`${root}/usr/bin/node`)} ${q(file)} "$@"\n`;
  const own = addresses[name];
  return {
    node: nodeText(about),
    systemctl: client('systemctl'),
    journalctl: client('journalctl'),
    'systemd-run': client('systemd-run'),
    'systemd-notify': client('systemd-notify'),
    loginctl: client('loginctl'),
    curl: js(programs.curl),
    // Archives of the rehearsal's mirror are not compressed.
    xz: `${head}exec cat\n`,
    sh: `${head}case \${1-} in
  ${root}/*) file=$1; shift; exec ${q(sh)} "$(${q(node)} ${q(programs.translateFile)} ${q(root)} "$file")" "$@" ;;
esac
exec ${q(sh)} "$@"
`,
    id: `${head}who=\${USER:-root} what=all
for a; do
  case $a in
    -u) what=uid ;; -g) what=gid ;; -un | -nu) what=name ;; -gn | -ng) what=group ;; -G | -Gn) what=group ;;
    -n) case $what in uid) what=name ;; gid) what=group ;; esac ;;
    --) ;; *) who=$a ;;
  esac
done
line=$(grep "^$who:" ${root}/etc/passwd) || { echo "id: ‘$who’: no such user" >&2; exit 1; }
IFS=: read -r user _ uid gid _ <<LINE
$line
LINE
case $what in
  uid) echo "$uid" ;; gid) echo "$gid" ;; name | group) echo "$user" ;;
  *) echo "uid=$uid($user) gid=$gid($user) groups=$gid($user)" ;;
esac
`,
    whoami: `${head}echo "\${USER:-root}"\n`,
    runuser: `${head}user=root
while [ $# -gt 0 ]; do
  case $1 in -u) user=$2; shift 2 ;; -l | - | -m | -p) shift ;; --) shift; break ;; *) break ;; esac
done
grep -q "^$user:" ${root}/etc/passwd || { echo "runuser: user $user does not exist" >&2; exit 1; }
USER=$user LOGNAME=$user
export USER LOGNAME
exec "$@"
`,
    setpriv: `${head}user=\${USER:-root}
while [ $# -gt 0 ]; do
  case $1 in --reuid | --regid) [ "$1" = --regid ] || user=$2; shift 2 ;; --) shift; break ;; --*) shift ;; *) break ;; esac
done
USER=$user LOGNAME=$user
export USER LOGNAME
exec "$@"
`,
    getent: `${head}[ $# -eq 2 ] || exec cat ${root}/etc/"\${1:-passwd}"
grep -E "^$2:|^[^:]*:[^:]*:$2:" ${root}/etc/"$1" | head -n 1 | grep . || exit 2
`,
    stat: `${head}case "$*" in *%U* | *%G* | *%u* | *%g*) ;; *) exec ${q(stat)} "$@" ;; esac
format= path=
while [ $# -gt 0 ]; do
  case $1 in -c | --format) format=$2; shift 2 ;; -L) shift ;; --) shift; break ;; *) break ;; esac
done
for path; do
  key=$(${q(stat)} -c '%d-%i-%.9W' -- "$path") || exit 1
  user= group=
  if [ -f ${owners}/"$key" ]; then read -r user group <${owners}/"$key"; fi
  if [ -z "$user" ]; then
    case $path in
      ${root}/home/*) user=\${path#${root}/home/}; user=\${user%%/*} ;;
      ${root}/var/lib/openclaw-failover | ${root}/var/lib/openclaw-failover/* | ${root}/run/openclaw-failover | ${root}/run/openclaw-failover/*) user=openclaw-monitor ;;
      ${root}/run/openclaw-failover-work | ${root}/run/openclaw-failover-work/* | ${root}/var/cache/openclaw-failover | ${root}/var/cache/openclaw-failover/*) user=openclaw ;;
      ${root}/proc/* | /proc/[0-9]*)
        pid=\${path#${root}}
        pid=\${pid#/proc/}
        note=${root}/proc/\${pid%%/*}/owner
        if [ -f "$note" ]; then read -r user <"$note"; else user=root; fi
        ;;
      *) user=root ;;
    esac
  fi
  : "\${group:=$user}"
  number= groupnumber=
  case $format in *%u* | *%g*) number=$(id -u "$user") groupnumber=$(id -g "$group") ;; esac
  this=$(printf %s "$format" | sed "s/%U/$user/g;s/%G/$group/g;s/%u/$number/g;s/%g/$groupnumber/g")
  ${q(stat)} -c "$this" -- "$path" || exit 1
done
`,
    chown: `${head}recursive= owner=
while [ $# -gt 0 ]; do
  case $1 in -R) recursive=1; shift ;; -h | -c | -v) shift ;; --) shift; break ;; *) break ;; esac
done
owner=$1
shift
[ "\${1-}" != -- ] || shift
user=\${owner%%:*} group=
case $owner in *:*) group=\${owner#*:} ;; esac
for n in $user; do grep -q "^$n:" ${root}/etc/passwd || { echo "chown: invalid user: ‘$owner’" >&2; exit 1; }; done
for n in $group; do grep -q "^$n:" ${root}/etc/group || { echo "chown: invalid group: ‘$owner’" >&2; exit 1; }; done
mark() {
  key=$(${q(stat)} -c '%d-%i-%.9W' -- "$1") || exit 1
  was= wasgroup=
  [ ! -f ${owners}/"$key" ] || read -r was wasgroup <${owners}/"$key"
  [ -n "$user" ] || [ -n "$was" ] || { was=$(stat -c %U -- "$1"); wasgroup=$was; }
  echo "\${user:-$was} \${group:-\${wasgroup:-\${user:-$was}}}" >${owners}/"$key"
}
for path; do
  [ -e "$path" ] || [ -L "$path" ] || { echo "chown: cannot access '$path': No such file or directory" >&2; exit 1; }
  if [ -n "$recursive" ]; then find "$path" | while IFS= read -r one; do mark "$one"; done; else mark "$path"; fi
done
`,
    chgrp: `${head}group=$1; shift; exec chown ":$group" "$@"\n`,
    useradd: `${head}system= home= shell=/bin/sh user= make=
while [ $# -gt 0 ]; do
  case $1 in
    --system) system=1; shift ;; --create-home | -m) make=1; shift ;; --no-create-home | -M | --user-group) shift ;;
    --home-dir | -d) home=$2; shift 2 ;; --shell | -s) shell=$2; shift 2 ;; --password | -p | --uid | --comment) shift 2 ;;
    --) shift ;; *) user=$1; shift ;;
  esac
done
! grep -q "^$user:" ${root}/etc/passwd || { echo "useradd: user '$user' already exists" >&2; exit 9; }
next=1000
[ -z "$system" ] || next=990
while grep -q "^[^:]*:[^:]*:$next:" ${root}/etc/passwd; do if [ -n "$system" ]; then next=$((next - 1)); else next=$((next + 1)); fi; done
[ -n "$home" ] || home=${root}/home/$user
shell=\${shell#${root}}
echo "$user:x:$next:$next::$home:$shell" >>${root}/etc/passwd
echo "$user:x:$next:" >>${root}/etc/group
[ -z "$make" ] || { mkdir -p "$home"; chown "$user:$user" "$home"; }
`,
    userdel: `${head}remove= user=
for a; do case $a in -r | --remove) remove=1 ;; -f) ;; *) user=$a ;; esac; done
home=$(sed -n "s/^$user:[^:]*:[^:]*:[^:]*:[^:]*:\\([^:]*\\):.*/\\1/p" ${root}/etc/passwd)
[ -n "$home" ] || { echo "userdel: user '$user' does not exist" >&2; exit 6; }
sed -i "/^$user:/d" ${root}/etc/passwd ${root}/etc/group
case $remove$home in 1${root}/home/?*) rm -rf "$home" ;; esac
`,
    hostname: `${head}cat ${root}/proc/sys/kernel/hostname\n`,
    hostnamectl: `${head}[ "\${1-}" = set-hostname ] || exit 0; echo "$2" >${root}/proc/sys/kernel/hostname; echo "$2" >${root}/etc/hostname\n`,
    uname: `${head}case \${1-} in -n) exec cat ${root}/proc/sys/kernel/hostname ;; esac; exec ${q(uname)} "$@"\n`,
    pgrep: `${head}exit 1\n`,
    tailscale: '',
    ip: `${head}case "$*" in
  *addr*)
    echo '1: lo    inet 127.0.0.1/8 scope host lo\\       valid_lft forever preferred_lft forever'
    echo '2: eth0    inet ${own.public}/24 brd 203.0.113.255 scope global eth0\\       valid_lft forever preferred_lft forever'
    echo '3: wg0    inet ${own.private}/24 scope global wg0\\       valid_lft forever preferred_lft forever'
    ;;
  *'rule list'*) echo '0:	from all lookup local' ;;
  *) exit 2 ;;
esac
`,
    // It knows one rule: the one by which a drill cuts the private network.
    nft: `${head}case "\${1-} \${2-}" in
  '-f -') cat >/dev/null; : >${q(`${network}/cut`)} ;;
  'delete table') rm ${q(`${network}/cut`)} 2>/dev/null ;;
  'list table') [ -e ${q(`${network}/cut`)} ] ;;
  *) exit 1 ;;
esac
`,
    ss: `${head}port= netid=
for a; do
  case $a in *sport*) port=\${a##*:} ;; -*u*) netid='tcp   ' ;; esac
done
for f in ${root}/proc/net/.listening/*; do
  [ -f "$f" ] || continue
  read -r at on pid what <"$f"
  [ -z "$port" ] || [ "$on" = "$port" ] || continue
  printf '%sLISTEN 0      511    %s:%s      0.0.0.0:*    users:(("%.15s",pid=%s,fd=20))\\n' "$netid" "$at" "$on" "$what" "$pid"
done
`,
    'apt-get': `${head}case " $* " in
  *' update '*) echo 'Hit:1 rehearsal stable InRelease'; echo 'Reading package lists...'; exit 0 ;;
  *' install '*) ;;
  *) exit 0 ;;
esac
take=
for a; do
  case $a in install) take=1 ;; -* | Dpkg::*) ;; *) [ -z "$take" ] || set -- "$@" "+$a" ;; esac
done
for a; do
  case $a in +*) a=\${a#+} ;; *) continue ;; esac
  echo "Setting up $a (rehearsal) ..."
  grep -q "^ii |$a|" ${root}/var/lib/dpkg/rehearsal || echo "ii |$a|1.0-rehearsal" >>${root}/var/lib/dpkg/rehearsal
  for f in ${root}/usr/share/rehearsal/"$a"/*; do
    [ ! -e "$f" ] || cp -p "$f" ${root}/usr/bin/
  done
  case $a in
    ufw) mkdir -p ${root}/etc/ufw ${root}/etc/default; echo ENABLED=no >${root}/etc/ufw/ufw.conf; echo 'DEFAULT_INPUT_POLICY="ACCEPT"' >${root}/etc/default/ufw; : >${root}/etc/ufw/user.rules; : >${root}/etc/ufw/user6.rules ;;
    fail2ban) mkdir -p ${root}/etc/fail2ban/jail.d ${root}/run/fail2ban; systemctl daemon-reload; systemctl enable -q fail2ban.service; systemctl start fail2ban.service ;;
    unattended-upgrades) mkdir -p ${root}/etc/apt/apt.conf.d ;;
  esac
  sleep 0.1
done
`,
    dpkg: `${head}exit 0\n`,
    'dpkg-query': `${head}missing=0
for a; do
  case $a in -* | *'$'*) continue ;; esac
  grep "^ii |$a|" ${root}/var/lib/dpkg/rehearsal || missing=1
done
exit $missing
`,
    // Without a file it would look into that of whoever runs the rehearsal.
    'ssh-keygen': `${head}for a; do
  case $a in -F) set -- "$@" -f "$HOME/.ssh/known_hosts"; break ;; esac
done
exec ${q(sshKeygen)} "$@"
`,
    ssh: `${head}# Its files are those of the host's user, and its way leads through the rehearsal's network.
home=$(sed -n "s#^\${USER:-root}:[^:]*:[^:]*:[^:]*:[^:]*:\\([^:]*\\):.*#\\1#p" ${root}/etc/passwd)
config=${root}/etc/ssh/config.\${USER:-root}
cat >"$config.$$" <<CONFIG
Host *
  UserKnownHostsFile $home/.ssh/known_hosts
  GlobalKnownHostsFile /dev/null
  IdentityFile $home/.ssh/id_ed25519
  IdentityAgent none
CONFIG
mv -f "$config.$$" "$config"
# "-F none" would leave the answer to the files of whoever runs the rehearsal.
if [ "\${1-}" = -F ]; then shift 2; fi
exec ${q(ssh)} -F "$config" -o ProxyCommand="${root}/usr/bin/node ${programs.relay} %h %p" "$@"
`,
  };
}

/** What comes with a package, and is not there before: `apt-get install` puts it into /usr/bin. */
export function packaged({root, node}: About): Record<string, Record<string, string>> {
  return {
    ufw: {
      ufw: `${head}conf=${root}/etc/ufw/ufw.conf rules=${root}/etc/ufw/user.rules
comment=
case "$*" in *' comment '*) comment="\${*##* comment }" ;; esac
case "\${1-} \${2-}" in
  'default deny') echo 'DEFAULT_INPUT_POLICY="DROP"' >${root}/etc/default/ufw; echo "Default incoming policy changed to 'deny'" ;;
  'default allow') echo "Default outgoing policy changed to 'allow'" ;;
  '--force enable' | 'enable '*) echo ENABLED=yes >"$conf"; echo 'Firewall is active and enabled on system startup' ;;
  '--force disable' | 'disable '*) echo ENABLED=no >"$conf"; echo 'Firewall stopped and disabled on system startup' ;;
  '--force delete' | 'delete '*)
    grep -vF "\${*##*delete }" "$rules" >"$rules.new" || :
    mv -f "$rules.new" "$rules"
    ;;
  'status '*)
    if grep -q yes "$conf"; then echo 'Status: active'; else echo 'Status: inactive'; fi
    n=0
    while read -r _ _ _ action protocol port _ _ from _; do n=$((n + 1)); echo "[ $n] $port/$protocol $action IN $from"; done <"$rules"
    ;;
  'allow '*)
    port=any from=0.0.0.0/0 protocol=tcp
    shift
    while [ $# -gt 0 ]; do
      case $1 in
        [0-9]*/*) port=\${1%/*} protocol=\${1#*/}; shift ;; from) from=$2; shift 2 ;; port) port=$2; shift 2 ;;
        proto) protocol=$2; shift 2 ;; comment) shift $# ;; *) shift ;;
      esac
    done
    hex=$(printf %s "$comment" | od -An -tx1 | tr -d ' \\n')
    line="### tuple ### allow $protocol $port 0.0.0.0/0 any $from in\${hex:+ comment=$hex}"
    grep -qxF "$line" "$rules" || echo "$line" >>"$rules"
    echo 'Rule added'
    ;;
  *) exit 0 ;;
esac
`,
    },
    fail2ban: {
      'fail2ban-client': `${head}case "\${2-}" in
  '') printf 'Status\\n|- Number of jail:\\t1\\n\`- Jail list:\\tsshd\\n' ;;
  sshd) printf 'Status for the jail: sshd\\n' ;;
  *) exit 255 ;;
esac
`,
      'fail2ban-server': `${head}rm -f ${root}/run/fail2ban/fail2ban.sock\nmkdir -p ${root}/run/fail2ban\nexec ${q(node)} -e ${q(`require('node:net').createServer().listen('${root}/run/fail2ban/fail2ban.sock')`)}\n`,
    },
  };
}
