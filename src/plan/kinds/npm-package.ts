import {layout} from '../../templates/layout.js';
import {quoteWord as q} from '../../ssh/quote.js';
import type {Apply} from '../kind.js';
import {mustScript} from '../must.js';

/**
 * A global npm package at an exact version under a prefix of its own, root-owned. The install scripts of its
 * hundreds of dependencies do not run; `complete` is started once, because OpenClaw finishes its own installation at
 * its first start and needs to write for it. Built beside the old one and swapped in: a cut leaves no half package.
 */
export const npmPackage: Apply<'npm-package'> = async (change, {host, say}) => {
  const {prefix, version} = change;
  const spec = `${change.package}@${version}`;
  const text = `set -eu
umask 022
new=${q(prefix)}.new
cache=${q(layout.opt)}/npm-cache
trap 'rm -rf "$new" "$cache"' EXIT
rm -rf "$new"
mkdir -p "$new"
PATH=${q(layout.nodeDir)}/bin:/usr/local/bin:/usr/bin:/bin
export PATH
npm install --global --prefix "$new" --cache "$cache" --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=warn ${q(spec)} </dev/null
seen=$(node -p 'require(process.argv[1]).version' "$new/lib/node_modules/${change.package}/package.json")
[ "$seen" = ${q(version)} ] || { echo "npm installed $seen instead of ${version}" >&2; exit 1; }
${
  change.complete
    ? `node "$new/lib/node_modules/${change.package}/${change.complete}" --version </dev/null
`
    : ''
}rm -rf ${q(prefix)}.old
if [ -e ${q(prefix)} ]; then mv ${q(prefix)} ${q(prefix)}.old; fi
mv "$new" ${q(prefix)}
rm -rf ${q(prefix)}.old
mkdir -p ${q(layout.proofs)}
rm -f ${q(layout.proofs)}/models ${q(layout.proofs)}/live ${q(layout.proofs)}/failover
`;
  await mustScript(
    host,
    {label: `npm install ${spec}`, text},
    {
      doing: `install ${spec}`,
      timeoutMs: 900_000,
      onLine: say,
      next: ['Check that the npm registry can be reached from the host, then run the same command again.'],
    },
  );
};
