import {Box, Text} from 'ink';
import SelectInput from 'ink-select-input';
import {useEffect, useState} from 'react';
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

/** A list to choose from, the first one chosen already; it hears nothing in its first quarter of a second. */
export function Choice<V>({
  options,
  onChoose,
}: {
  readonly options: readonly Option<V>[];
  readonly onChoose: (value: V) => void;
}) {
  const [hears, setHears] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setHears(true), deafMs);
    return () => clearTimeout(timer);
  }, []);
  const items = options.map(({label, value}, index) => ({key: String(index), label, value}));
  return (
    <Box flexDirection="column" flexShrink={0} height={options.length} overflow="hidden">
      <SelectInput
        items={items}
        isFocused={hears}
        indicatorComponent={Pointer}
        itemComponent={Label}
        onSelect={(item) => onChoose(item.value)}
      />
    </Box>
  );
}
