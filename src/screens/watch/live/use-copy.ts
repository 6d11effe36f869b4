import {useStdout} from 'ink';
import {clipboardSequence} from '../../clipboard.js';

/** Puts a text on the operator's clipboard; the sequence moves nothing on the screen. */
export function useCopy(): (text: string) => void {
  const {stdout} = useStdout();
  return (text) => stdout.write(clipboardSequence(text));
}
