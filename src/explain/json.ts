import type {Account} from './account.js';
import type {Compared} from './compare.js';
import {notes} from './text.js';

interface Explained {
  pair: string | undefined;
  story: Account | undefined;
  whatIf?: {words: string; compared: readonly Compared[]};
}

/** Everything as one object for programs: times are ms since the beginning of the story, and ISO. */
export function inJson({pair, story, whatIf}: Explained) {
  return {
    pair: pair ?? null,
    story: story ? storyIn(story) : null,
    ...(whatIf && {
      whatIf: {
        settings: whatIf.words,
        compared: whatIf.compared.map(({chapter, kind, what, was, would}) => ({
          kind,
          at: new Date(chapter.wallMs).toISOString(),
          what,
          exact: chapter.replayed.faithful,
          was,
          would,
        })),
        notes: notes(whatIf.compared),
      },
    }),
  };
}

function storyIn({wallMs, seq, ...story}: Account) {
  return {...story, at: new Date(wallMs).toISOString(), firstSeq: seq[0], lastSeq: seq[1]};
}
