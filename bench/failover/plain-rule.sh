#!/bin/sh
# The plain rule: three failures, 10 s apart, mean that the primary is gone. Ends when it has taken over.
#
#   plain-rule.sh URL WORKSPACE UNIT PROBED
url=$1 workspace=$2 unit=$3 probed=$4
failures=0
while :; do
  # For the measurement only: the fault comes at a moment between two of these.
  read -r up _ </proc/uptime
  echo "$up" >"$probed"
  if curl -sf --connect-timeout 5 "$url" >/dev/null; then
    failures=0
  else
    failures=$((failures + 1))
    if [ "$failures" -ge 3 ]; then break; fi
  fi
  sleep 10
done
runuser -u openclaw -- env HOME=/home/openclaw git -C "$workspace" pull -q
systemctl start "$unit"
sleep 5
