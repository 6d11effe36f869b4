import semver from 'semver';
import {z} from 'zod';
import {Abort} from '../../errors.js';
import type {Host} from '../../ssh/host.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {Apply} from '../kind.js';
import {layout} from '../../templates/layout.js';
import {judged, tail} from '../must.js';
import {exchange, standbyAtRest} from './exchange.js';
import {refuseBusy, windowLines} from './window-lines.js';

const nodeIndex = z.array(
  z.object({
    version: z.string().regex(/^v\d+\.\d+\.\d+$/),
    files: z.array(z.string()),
    lts: z.union([z.string(), z.literal(false)]),
  }),
);
export type NodeIndex = z.infer<typeof nodeIndex>;

/**
 * The version to install: the primary's own when the mirror has it, else the newest long-term release in the
 * range, else the newest in the range. `platform` is as in the index's `files`, e.g. `linux-x64`.
 */
export function chooseNode(
  index: NodeIndex,
  range: string,
  platform: string,
  prefer?: string,
): string | undefined {
  const usable = index.filter(
    ({version, files}) => semver.satisfies(version, range) && files.includes(platform),
  );
  const preferred = usable.find(({version}) => prefer !== undefined && semver.eq(version, prefer));
  if (preferred) return preferred.version.slice(1);
  const sorted = usable.toSorted((a, b) => semver.rcompare(a.version, b.version));
  return (sorted.find(({lts}) => lts !== false) ?? sorted[0])?.version.slice(1);
}

/** The sha256 that SHASUMS256.txt gives for a file name. */
export function checksumOf(shasums: string, name: string): string | undefined {
  for (const line of shasums.split('\n')) {
    const [hash, file] = line.trim().split(/\s+\*?/);
    if (file === name && hash && /^[0-9a-f]{64}$/.test(hash)) return hash;
  }
  return undefined;
}

/** uname -m → the platform's name in Node's archive names. */
export const nodePlatform: Readonly<Record<string, string>> = {x86_64: 'linux-x64', aarch64: 'linux-arm64'};

async function fetchText(host: Host, url: string): Promise<string> {
  const ran = await host.run(['curl', '-fsSL', '--proto', '=http,https', '--max-time', '30', '--', url], {
    timeoutMs: 40_000,
  });
  if (ran.code === 0) return ran.stdout;
  throw new Abort(`Could not fetch ${url} on the ${host.name}.`, {
    detail: tail(ran.stderr),
    next: ['Check the host’s way out, or set mirrors.node in the answers to a mirror that it reaches.'],
  });
}

/** Node from the official archive: version by the package's engines, checked against SHASUMS256.txt, swapped in whole. */
export const node: Apply<'node'> = async (change, context) => {
  const {host, input, say} = context;
  const platform = nodePlatform[input[change.host].os.arch];
  if (!platform) {
    throw new Abort(`There is no Node build for ${input[change.host].os.arch} (${host.name}).`);
  }
  const mirror = change.mirror.replace(/\/+$/, '');
  const parsed = nodeIndex.safeParse(parseJson(await fetchText(host, `${mirror}/index.json`)));
  if (!parsed.success) {
    throw new Abort(`${mirror}/index.json is not the index of a Node mirror.`, {
      next: ['Set mirrors.node in the answers to a folder laid out like https://nodejs.org/dist.'],
    });
  }
  const version = chooseNode(parsed.data, change.range, platform, change.prefer);
  if (version === undefined) {
    throw new Abort(`${mirror} has no Node that satisfies ${change.range} for ${platform}.`);
  }
  const archive = `node-v${version}-${platform}.tar.xz`;
  const hash = checksumOf(await fetchText(host, `${mirror}/v${version}/SHASUMS256.txt`), archive);
  if (hash === undefined) throw new Abort(`${mirror}/v${version}/SHASUMS256.txt does not list ${archive}.`);
  say(`Node ${version}, sha256 ${hash}`);
  const ran = await host.script(
    {
      label: `install ${archive} to ${change.dir}`,
      text: installScript(`${mirror}/v${version}/${archive}`, archive, hash, version, change.dir),
    },
    {timeoutMs: 600_000, onLine: windowLines(change, context)},
  );
  refuseBusy(ran);
  judged(host, ran, {doing: `install Node ${version}`});
};

function installScript(url: string, archive: string, hash: string, version: string, dir: string): string {
  return `set -eu
umask 022
dir=${q(dir)}
work=$dir.new
trap 'rm -rf "$work"' EXIT
${exchange}${standbyAtRest}
rm -rf "$work"
mkdir -p "$work"
curl -fsSL --proto '=http,https' --max-time 500 -o "$work/${archive}" -- ${q(url)}
echo "${hash}  $work/${archive}" | sha256sum -c --quiet - || { echo "the checksum of ${archive} is wrong: the mirror or the line is broken" >&2; exit 1; }
tar -xJf "$work/${archive}" -C "$work" --no-same-owner --strip-components=1
rm -f "$work/${archive}"
[ "$("$work/bin/node" --version)" = v${version} ] || { echo "the new node does not run" >&2; exit 1; }
# Until OpenClaw is new as well, a takeover starts the one that is there with this Node.
entry=${q(`${layout.openclawPackage}/openclaw.mjs`)}
if [ -f "$entry" ] && ! "$work/bin/node" "$entry" --version </dev/null >/dev/null; then
  echo "the OpenClaw that is there does not start with this Node: a takeover before OpenClaw is new would fail" >&2
fi
stop_when_busy
exchange "$work" "$dir"
rm -rf "$dir.old"
`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
