// What the tests use of the machine beside Node and npm: named before they run, so that whoever lacks one knows why some fail.
import {accessSync, constants} from 'node:fs';
import {delimiter, join} from 'node:path';

/** Program → package of Debian. */
const used = {
  bash: 'bash',
  curl: 'curl',
  git: 'git',
  openssl: 'openssl',
  ps: 'procps',
  python3: 'python3',
  ssh: 'openssh-client',
};

const there = (name) =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

const missing = Object.keys(used).filter((name) => !there(name));
if (missing.length > 0) {
  process.stderr.write(
    `This machine lacks ${missing.join(', ')}; the tests that use them will fail. On Debian: apt-get install ${missing
      .map((name) => used[name])
      .join(' ')}\n`,
  );
}
