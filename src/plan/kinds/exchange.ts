import {appliedStamp, layout, units} from '../../templates/layout.js';

/**
 * renameat2 with RENAME_EXCHANGE, which Perl (essential on Debian and Ubuntu) can call and mv of before coreutils 9.5
 * cannot. Numbers of the call: the kernel's syscall tables.
 */
const exchangeInOneStep = [
  'my ($new, $place, $machine) = @ARGV;',
  'my $call = {x86_64 => 316, aarch64 => 276}->{$machine} or exit 1;',
  'exit(syscall($call, -100, $new, -100, $place, 2) == 0 ? 0 : 1);',
].join(' ');

/**
 * Shell function `exchange NEW PLACE`: what is at NEW takes its place in one step of the kernel, so that at every moment
 * the whole old one or the whole new one is there. The old one is then at `PLACE.old`. File systems that cannot do that
 * take two steps, and the function says for how long at most nothing was there (`windowLine`).
 */
export const exchange = String.raw`
monotonic_ms() { perl -MTime::HiRes=clock_gettime -e 'printf "%.0f", 1000 * clock_gettime(1)'; }
exchange() {
  rm -rf "$2.old"
  if [ ! -e "$2" ]; then mv -T "$1" "$2"; return; fi
  if perl -e '${exchangeInOneStep}' "$1" "$2" "$(uname -m)"; then
    mv -T "$1" "$2.old"
    return
  fi
  lost=$(monotonic_ms)
  mv -T "$2" "$2.old"
  mv -T "$1" "$2" || { mv -T "$2.old" "$2"; return 1; }
  echo "unprotected $lost $(monotonic_ms)"
}
`;

/** Exit code of a step that did nothing because the standby takes over, or has. */
export const busyCode = 75;

/**
 * Shell functions around a swap on the standby. `takes_over` is true from the moment on in which the monitor wished a
 * takeover; a gateway that starts after it was false has not read anything yet, because its guard runs first.
 */
export const standbyAtRest = `
takes_over() {
  wish=
  if [ -f ${layout.role} ]; then read -r wish _ <${layout.role} || true; fi
  [ "$wish" = active ]
}
stop_when_busy() {
  if ! takes_over; then return 0; fi
  echo "the standby takes over, so this is not touched now" >&2
  exit ${busyCode}
}
# A warm standby's gateway sleeps; from its stop on a takeover is a cold start, whatever it finds.
end_sleep() {
  as=
  if [ -f ${layout.runsAs} ]; then read -r as <${layout.runsAs} || true; fi
  if [ "$as" != asleep ] || ! systemctl -q is-active ${units.gateway}; then return 0; fi
  echo "unprotected $(monotonic_ms) until-asleep"
  # Noted first: whatever is cut off from here on, the next plan starts it anew.
  if [ -e ${appliedStamp(units.gateway)} ]; then echo stopped >${appliedStamp(units.gateway)}; fi
  timeout 60 systemctl stop ${units.gateway} || timeout 10 systemctl kill --signal=KILL ${units.gateway} || true
}
`;
