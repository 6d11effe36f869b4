import {posix} from '../../facts/shell/posix.js';

/** Lines `clock`, `machine` and `disk`. Needs DISKS, folders. */
export const machine = posix`
clock() {
  say "clock \${us%???}"
  NEXT_CLOCK=$((up + 180))
}
machine() {
  load=0 total=0 available=0 reboot=0
  read -r load _ </proc/loadavg
  while read -r k v _; do
    case $k in
      MemTotal:) total=$v ;;
      MemAvailable:) available=$v; break ;;
    esac
  done </proc/meminfo
  [ ! -e /run/reboot-required ] || reboot=1
  say "machine $load $((total * 1024)) $((available * 1024)) $((up / 100)) $reboot"
  NEXT_MACHINE=$((up + 500))
}
# Of the file systems that matter here, the one with the least room.
disk() {
  least=1001
  for d in $DISKS; do
    set -- $(timeout 3 stat -f -c '%S %b %a' -- "$d")
    [ "\${2:-0}" -gt 0 ] || continue
    part=$(($3 * 1000 / $2))
    [ "$part" -lt "$least" ] || continue
    least=$part fullest="$(($2 * $1)) $(($3 * $1))"
  done
  [ "$least" -gt 1000 ] || say "disk $fullest"
}
`;
