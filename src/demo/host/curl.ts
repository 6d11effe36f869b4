// What the hosts of a rehearsal have in place of curl: it takes the options that this program uses, and says so of others.
import {createWriteStream} from 'node:fs';
import http from 'node:http';
import {pipeline} from 'node:stream/promises';

const withValue = new Set([
  '-o',
  '-m',
  '--max-time',
  '--connect-timeout',
  '-w',
  '--proto',
  '--noproxy',
  '-A',
]);
const flags = new Set(['-f', '-s', '-S', '-L', '-q']);

let url = '';
const given = new Map<string, string>();
const words = process.argv.slice(2);
while (words.length > 0) {
  const word = words.shift()!;
  if (word === '--') continue;
  if (withValue.has(word)) given.set(word, words.shift() ?? '');
  else if (/^-[a-zA-Z]{2,}$/.test(word))
    words.unshift(...Array.from(word.slice(1), (letter) => `-${letter}`));
  else if (flags.has(word)) given.set(word, '');
  else if (word.startsWith('-')) end(2, `curl of a rehearsal knows no ${word}`);
  else url = word;
}

function end(code: number, why?: string): never {
  if (why !== undefined && (!given.has('-s') || given.has('-S')))
    process.stderr.write(`curl: (${code}) ${why}\n`);
  process.exit(code);
}

const seconds = Number(given.get('-m') ?? given.get('--max-time') ?? 300);
const began = performance.now();
const late = setTimeout(() => {
  tell(0);
  end(28, `Operation timed out after ${Math.round(seconds * 1000)} milliseconds`);
}, seconds * 1000);

function tell(status: number): void {
  const form = given.get('-w');
  if (form === undefined) return;
  const took = ((performance.now() - began) / 1000).toFixed(6);
  process.stdout.write(
    form
      .replaceAll('\\n', '\n')
      .replaceAll('%{http_code}', String(status).padStart(3, '0'))
      .replaceAll('%{time_total}', took),
  );
}

const request = http.get(url, {agent: false}, async (answer) => {
  const status = answer.statusCode ?? 0;
  if (given.has('-f') && status >= 400) {
    tell(status);
    end(22, `The requested URL returned error: ${status}`);
  }
  const file = given.get('-o');
  try {
    if (file !== undefined) await pipeline(answer, createWriteStream(file));
    else for await (const part of answer) process.stdout.write(part as Buffer);
  } catch (error) {
    end(18, String(error));
  }
  clearTimeout(late);
  tell(status);
});
request.on('error', (error) => {
  tell(0);
  end(7, `Failed to connect: ${error.message}`);
});
const connectS = Number(given.get('--connect-timeout') ?? seconds);
request.on('socket', (socket) => {
  const slow = setTimeout(() => {
    tell(0);
    end(28, 'Connection timed out');
  }, connectS * 1000);
  socket.once('connect', () => clearTimeout(slow));
});
