import {defaultTheme, extendTheme, ThemeProvider} from '@inkjs/ui';
import {Box, usePaste, useWindowSize} from 'ink';
import type {ReactNode} from 'react';
import {Lines} from './lines.js';
import type {Line} from './line.js';

// Colours are for states: what turns is the same colour as the text beside it.
const theme = extendTheme(defaultTheme, {
  components: {Spinner: {styles: {container: () => ({}), frame: () => ({}), label: () => ({})}}},
});

/**
 * A whole screen: content from the top, `bottom` lines at the bottom edge, nothing outside. Pasted text is taken
 * off the keys: a paste must not press any of them.
 */
export function Frame({children, bottom}: {readonly children: ReactNode; readonly bottom: readonly Line[]}) {
  const {columns, rows} = useWindowSize();
  usePaste(() => {});
  return (
    <ThemeProvider theme={theme}>
      <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
        <Box flexDirection="column" flexGrow={1} flexShrink={1} overflow="hidden">
          {children}
        </Box>
        <Lines lines={bottom} />
      </Box>
    </ThemeProvider>
  );
}
