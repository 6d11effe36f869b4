import {Abort, Exit} from '../../errors.js';
import type {Apply} from '../kind.js';
import {mustScript, tail} from '../must.js';
import {quoteWord as q} from '../../ssh/quote.js';

/** ms that a shown login URL is waited for. */
const loginLimitMs = 600_000;
const loginUrl = /https:\/\/[\w.-]+\/[\w/-]+/;

/** Joins the tailnet: with an auth key (through a 0600 file that lives for one command), or by the login URL. */
export const network: Apply<'network'> = async (change, context) => {
  const {host, emit, say, signal} = context;
  const name = change.hostname ? ` --hostname=${q(change.hostname)}` : '';
  await mustScript(
    host,
    {label: 'systemctl enable --now tailscaled', text: 'systemctl enable -q --now tailscaled\n'},
    {doing: 'start tailscaled'},
  );
  if (change.authKey) {
    const text = `set -eu
umask 077
key=$(mktemp /run/failover-wizard-XXXXXX)
trap 'rm -f "$key"' EXIT
cat > "$key" <<'FAILOVER_WIZARD_KEY'
${change.authKey.reveal()}
FAILOVER_WIZARD_KEY
tailscale up --auth-key=file:"$key" --timeout=60s${name}
`;
    await mustScript(
      host,
      {label: 'tailscale up', text},
      {
        doing: 'join the tailnet',
        timeoutMs: 90_000,
        onLine: say,
        next: ['Check that the auth key is valid and not used up, then run the same command again.'],
      },
    );
    return;
  }
  let shown = false;
  const ran = await host.script(
    {label: 'tailscale up', text: `exec tailscale up --timeout=${loginLimitMs / 1000}s${name} </dev/null\n`},
    {
      timeoutMs: loginLimitMs + 30_000,
      signal,
      onLine: (line) => {
        say(line);
        const url = loginUrl.exec(line)?.[0];
        if (!url || shown) return;
        shown = true;
        emit({
          type: 'waiting',
          id: change.id,
          sentence: `Open this page to let the ${host.name} into your tailnet.`,
          show: url,
          sinceMs: Date.now(),
          limitMs: loginLimitMs,
        });
      },
    },
  );
  if (shown) emit({type: 'waited', id: change.id});
  if (ran.code === 0) return;
  throw new Abort(`The ${host.name} did not join the tailnet.`, {
    detail: tail(ran.stderr || ran.stdout),
    next: ['Run the same command again and open the page it shows, or give an auth key (network.authKey).'],
    exit: ran.timedOut ? Exit.timeout : Exit.failed,
  });
};
