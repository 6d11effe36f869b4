/** What is begun inside makes its files with this mask; the rest of this process keeps its own. */
export function withMask<T>(mask: number, begin: () => T): T {
  const was = process.umask(mask);
  try {
    return begin();
  } finally {
    process.umask(was);
  }
}
