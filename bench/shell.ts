/** A word of a bash line that stays one word, whatever is in it. */
export function quote(word: string): string {
  return /^[\w./:=,%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function line(...words: readonly string[]): string {
  return words.map(quote).join(' ');
}
