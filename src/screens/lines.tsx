import {Spinner} from '@inkjs/ui';
import {Box, Text} from 'ink';
import type {Line, Span} from './line.js';
import {colourOf} from './theme.js';

function Piece({part}: {readonly part: Span}) {
  if (part.spin) return <Spinner />;
  return (
    <Text
      wrap="truncate-end"
      color={part.tone === undefined ? undefined : colourOf[part.tone]}
      bold={part.bold ?? false}
      dimColor={part.dim ?? false}
    >
      {part.text}
    </Text>
  );
}

/** One row. Lines come cut to the width; hiding what is over is for characters whose width terminals disagree on. */
export function LineRow({line}: {readonly line: Line}) {
  if (line.some((part) => part.spin)) {
    return (
      <Box height={1} flexShrink={0} overflow="hidden">
        {line.map((part, index) => (
          // Parts have no identity beyond their place in the line.
          <Box key={index} flexShrink={0}>
            <Piece part={part} />
          </Box>
        ))}
      </Box>
    );
  }
  return (
    <Box height={1} flexShrink={0} overflow="hidden">
      <Text wrap="truncate-end">
        {line.map((part, index) => (
          <Piece key={index} part={part} />
        ))}
      </Text>
    </Box>
  );
}

/** Rows from top to bottom. */
export function Lines({lines}: {readonly lines: readonly Line[]}) {
  return (
    <Box flexDirection="column" flexShrink={0}>
      {lines.map((line, index) => (
        <LineRow key={index} line={line} />
      ))}
    </Box>
  );
}
