import {Box, Text, usePaste, useStdout, useWindowSize} from 'ink';
import {memo} from 'react';
import type {Line} from '../../line.js';
import {mayColour, paint} from '../../theme.js';

/** Two rows that look the same. */
export function isSameLine(a: Line, b: Line): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  return a.every((part, index) => {
    const other = b[index]!;
    return (
      part.text === other.text &&
      part.tone === other.tone &&
      part.bold === other.bold &&
      part.dim === other.dim
    );
  });
}

/** A row in one piece of text; left alone as long as it looks the same. An empty row keeps its place. */
const Row = memo(
  function Row({line, colour}: {readonly line: Line; readonly colour: boolean}) {
    return <Text wrap="truncate-end">{paint(line, colour) || ' '}</Text>;
  },
  (before, after) => before.colour === after.colour && isSameLine(before.line, after.line),
);

/**
 * A whole screen of rows, which come cut to its size: `body` from the top, `bottom` at the bottom edge. Ink draws every
 * cell of every frame anew, and cuts each text again for each box that hides what is over: so a row is one text, and
 * nothing is hidden, which halves what a frame costs. Pasted text is taken off the keys: a paste must press none.
 */
export function Screen({body, bottom}: {readonly body: readonly Line[]; readonly bottom: readonly Line[]}) {
  const {columns, rows} = useWindowSize();
  const {stdout} = useStdout();
  usePaste(() => {});
  const colour = mayColour(stdout as {isTTY?: boolean});
  const room = Math.max(0, rows - bottom.length);
  const blank = Array.from({length: Math.max(0, room - body.length)}, (): Line => []);
  const lines = [...body.slice(0, room), ...blank, ...bottom];
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      {lines.map((line, index) => (
        // A row is what stands at its place.
        <Row key={index} line={line} colour={colour} />
      ))}
    </Box>
  );
}
