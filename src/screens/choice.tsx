import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import {useEffect, useRef} from 'react';
import {glyph} from './theme.js';

export interface Option<V> {
  label: string;
  value: V;
}

// An Enter that was meant for something else arrives within a blink of the choice appearing.
const deafMs = 250;

function Pointer({isSelected}: {readonly isSelected?: boolean}) {
  return (
    <Box marginLeft={1} marginRight={1}>
      <Text>{isSelected ? glyph.pointer : ' '}</Text>
    </Box>
  );
}

function Label({isSelected, label}: {readonly isSelected?: boolean; readonly label: string}) {
  return (
    <Text bold={isSelected ?? false} wrap="truncate-end">
      {label}
    </Text>
  );
}

/**
 * A list to choose from. In its first quarter of a second it moves but takes nothing: whoever moves on and presses
 * Enter right after must get what they moved to.
 */
export function Choice<V>({
  options,
  start = 0,
  onMove,
  onChoose,
}: {
  readonly options: readonly Option<V>[];
  /** Index of the option that is chosen beforehand. */
  readonly start?: number;
  readonly onMove?: (index: number) => void;
  readonly onChoose: (value: V) => void;
}) {
  const hears = useRef(false);
  useEffect(() => {
    const timer = setTimeout(() => (hears.current = true), deafMs);
    return () => clearTimeout(timer);
  }, []);
  const items = options.map(({label, value}, index) => ({key: String(index), label, value}));
  return (
    <Box flexDirection="column" flexShrink={0} height={options.length} overflow="hidden">
      <SelectInput
        items={items}
        initialIndex={start}
        indicatorComponent={Pointer}
        itemComponent={Label}
        onHighlight={({key}) => onMove?.(Number(key))}
        onSelect={({value}) => hears.current && onChoose(value)}
      />
    </Box>
  );
}
