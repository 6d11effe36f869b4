import {useEffect, useState} from 'react';

/** ms that a note stays. */
const noteMs = 2500;

/** Something that is said at the bottom for a moment, and how to say it. */
export function useNote(): [string | undefined, (text: string) => void] {
  const [note, setNote] = useState<{text: string}>();
  useEffect(() => {
    if (note === undefined) return;
    const timer = setTimeout(() => setNote(undefined), noteMs);
    return () => clearTimeout(timer);
  }, [note]);
  return [note?.text, (text) => setNote({text})];
}
