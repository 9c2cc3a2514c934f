/** A line of the demo itself, apart from what the programs say that it runs. */
export function say(text: string): void {
  const bold = process.stdout.isTTY ? ['\u001b[1m', '\u001b[0m'] : ['', ''];
  process.stdout.write(`\n${bold[0]}${text}${bold[1]}\n`);
}
