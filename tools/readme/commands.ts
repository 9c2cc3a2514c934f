/** Every call of `diskferry` in the shell fences of a page, as words behind the name of the program. */
export function shownCommands(page: string): string[][] {
  const fences = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((found) => found[1] ?? '');
  const lines = fences.flatMap((fence) => fence.replaceAll(/\\\n\s*/g, '').split('\n'));
  return lines.flatMap((line) => {
    const [, rest] = /^(?:[A-Z_]+=\S+ )*(?:npx )?diskferry (.*)$/.exec(line.trim()) ?? [];
    return rest === undefined ? [] : [shellWords(rest)];
  });
}

/** Words with single and double quotes; no variables, no escapes. */
export function shellWords(line: string): string[] {
  const words = line.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? [];
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single, double) => single ?? double));
}
