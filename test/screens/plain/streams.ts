import {PassThrough, Writable} from 'node:stream';

/** A stream that keeps what was written. */
export function kept() {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  return {stream, text: () => text, lines: () => text.trimEnd().split('\n')};
}

/** A keyboard for line input that says it is a terminal. */
export function keyboard(isTTY = true) {
  return Object.assign(new PassThrough(), {isTTY});
}
