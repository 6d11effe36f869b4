import {chmod, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {runPiped, type Ended} from '../whole-program.js';

/** Keeps a crontab in a file; `broken` and `full` make it fail like the real one. */
const crontab = `#!/bin/sh
export PATH=/usr/bin:/bin
echo "crontab $*" >> "$FAKES/log"
case "$1" in
  -l)
    [ -e "$FAKES/broken" ] && { echo "crontab: can't open your crontab: Permission denied" >&2; exit 1; }
    [ -e "$FAKES/tab" ] || { echo "no crontab for operator" >&2; exit 1; }
    cat "$FAKES/tab" ;;
  -) [ -e "$FAKES/full" ] && { cat > /dev/null; echo "crontab: No space left on device" >&2; exit 1; }
    cat > "$FAKES/tab" ;;
  -r) rm "$FAKES/tab" ;;
  *) exit 64 ;;
esac
`;

/** Knows the units in the operator's folder, links what is enabled; `no-bus`, `no-enable` and `not-active` make it fail. */
const systemctl = `#!/bin/sh
export PATH=/usr/bin:/bin
[ "$1" = --user ] || exit 64
shift
config=$(sed -n 's/^XDG_CONFIG_HOME=//p' "$FAKES/environment" 2>/dev/null)
units="\${config:-$HOME/.config}/systemd/user"
[ -e "$FAKES/no-bus" ] && { echo "Failed to connect to bus: No medium found" >&2; exit 1; }
echo "systemctl $*" >> "$FAKES/log"
verb=$1
shift
case "$verb" in
  show-environment) echo "HOME=$HOME"; [ ! -e "$FAKES/environment" ] || cat "$FAKES/environment" ;;
  daemon-reload) ;;
  enable)
    [ -e "$FAKES/no-enable" ] && { echo "Failed to enable unit: Read-only file system" >&2; exit 1; }
    for unit in "$@"; do
      [ "$unit" = --now ] && continue
      [ -e "$units/$unit" ] || { echo "Unit $unit could not be found." >&2; exit 1; }
      mkdir -p "$units/timers.target.wants"
      ln -sf "$units/$unit" "$units/timers.target.wants/$unit"
    done ;;
  restart) [ -e "$units/$1" ] || exit 5 ;;
  disable) for unit in "$@"; do rm -f "$units/timers.target.wants/$unit"; done ;;
  show)
    case "$*" in
      *ActiveState*) if [ -e "$FAKES/not-active" ]; then echo ActiveState=failed; else echo ActiveState=active; fi ;;
      *--timestamp=unix*) echo NextElapseUSecRealtime=@1796014800 ;;
    esac ;;
  *) exit 64 ;;
esac
`;

const notifySend = `#!/bin/sh
for word; do echo "notify <$word>" >> "$FAKES/log"; done
`;

const pair = {
  name: 'home',
  primary: {ssh: 'root@192.0.2.1'},
  standby: {ssh: 'root@192.0.2.2', identityFile: '~/.ssh/standby'},
  channel: {type: 'irc'},
  model: {primary: 'a/b'},
};

type Tool = 'crontab' | 'systemctl' | 'notify-send';
const scripts: Record<Tool, string> = {crontab, systemctl, 'notify-send': notifySend};

/** An operator's machine: a home with one saved pair, and programs that are there or are not. */
export class FakeMachine {
  private constructor(readonly home: string) {}

  static async with(...tools: Tool[]): Promise<FakeMachine> {
    const machine = new FakeMachine(await mkdtemp(join(tmpdir(), 'machine-')));
    await machine.write('.config/failover-wizard/pairs/home/pair.json', JSON.stringify(pair));
    await mkdir(machine.path('bin'));
    for (const tool of tools) {
      // oxlint-disable-next-line no-await-in-loop
      await machine.write(`bin/${tool}`, scripts[tool]);
      // oxlint-disable-next-line no-await-in-loop
      await chmod(machine.path(`bin/${tool}`), 0o755);
    }
    return machine;
  }

  path(name: string): string {
    return join(this.home, name);
  }
  async write(name: string, text: string | Buffer): Promise<void> {
    await mkdir(dirname(this.path(name)), {recursive: true});
    await writeFile(this.path(name), text);
  }
  /** Makes a fake program fail in some way. */
  flag(name: 'broken' | 'full' | 'no-bus' | 'no-enable' | 'not-active'): Promise<void> {
    return this.write(`fakes/${name}`, '');
  }
  /** The text of a file; undefined: there is none. */
  read(name: string): Promise<string | undefined> {
    return readFile(this.path(name), 'latin1').catch(() => undefined);
  }
  /** What was asked of the programs, a line each. */
  async asked(): Promise<string[]> {
    return ((await this.read('fakes/log')) ?? '').split('\n').filter((line) => line !== '');
  }

  async drill(args: string[], env: Record<string, string> = {}): Promise<Ended> {
    await mkdir(this.path('fakes'), {recursive: true});
    const around = {PATH: this.path('bin'), FAKES: this.path('fakes'), TZ: 'UTC', ...env};
    return runPiped(['drill', ...args], {home: this.home, env: around});
  }

  gone(): Promise<void> {
    return rm(this.home, {recursive: true, force: true});
  }
}
