#!/usr/bin/env node
// The launcher. Old versions of Node must be able to parse it, so that they can be told in one sentence that
// they are too old: no static import, no import.meta, no newer syntax. Everything else is in dist/.
var processName = 'failover-wizard';

function builtin(name) {
  return typeof require === 'function' ? Promise.resolve(require(name)) : import(name);
}

function numbers(version) {
  return version
    .replace(/^[^0-9]*/, '')
    .split('.')
    .slice(0, 3)
    .map(function (part) {
      return parseInt(part, 10) || 0;
    });
}

function atLeast(have, want) {
  for (var i = 0; i < 3; i++) {
    var difference = (have[i] || 0) - (want[i] || 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

// The two forms that our `engines` uses: `^a.b.c` (same major, from there) and `>=a`.
function fits(version, range) {
  var have = numbers(version);
  return range.split('||').some(function (part) {
    var want = numbers(part.trim());
    if (part.trim().charAt(0) === '^' && have[0] !== want[0]) return false;
    return atLeast(have, want);
  });
}

function inWords(range) {
  var parts = range.split('||').map(function (part) {
    var want = part.trim().replace(/^[^0-9]*/, '');
    return part.trim().charAt(0) === '^'
      ? want + ' or later ' + want.split('.')[0] + '.x'
      : want + ' or newer';
  });
  var last = parts.pop();
  return parts.length > 0 ? parts.join(', ') + ', or ' + last : last;
}

function stop(sentence) {
  process.stderr.write(sentence + '\n');
  process.exitCode = 2;
}

Promise.all([builtin('fs'), builtin('path'), builtin('module')])
  .then(function (modules) {
    var fs = modules[0];
    var path = modules[1];
    var root = path.dirname(path.dirname(fs.realpathSync(process.argv[1])));
    var manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

    if (!fits(process.version, manifest.engines.node)) {
      stop(
        processName +
          ' needs Node.js ' +
          inWords(manifest.engines.node) +
          '; this is ' +
          process.version.slice(1) +
          ' (newer ones: https://nodejs.org).',
      );
      return undefined;
    }
    if (!fs.existsSync(path.join(root, 'dist', 'cli', 'main.js'))) {
      stop(
        'This checkout of ' + processName + ' is not built yet; run `npm run build` in ' + root + ' first.',
      );
      return undefined;
    }

    // The whole answer is in hand: nothing has to be loaded for it.
    if (process.argv.length === 3 && (process.argv[2] === '--version' || process.argv[2] === '-V')) {
      process.stdout.write(manifest.version + '\n');
      return undefined;
    }

    // React's development build renders half as fast.
    if (!process.env.NODE_ENV) process.env.NODE_ENV = 'production';
    // Ink knows FORCE_COLOR only.
    if (process.env.NO_COLOR) process.env.FORCE_COLOR = '0';
    if (modules[2].enableCompileCache) modules[2].enableCompileCache();
    return import('../dist/cli/main.js');
  })
  .catch(function (error) {
    process.stderr.write(
      processName + ' cannot start: ' + (error && error.stack ? error.stack : error) + '\n',
    );
    process.exitCode = 1;
  });
