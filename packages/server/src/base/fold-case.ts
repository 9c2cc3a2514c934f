/** For comparing names: done here, since the databases do not agree on letters beyond ASCII. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
