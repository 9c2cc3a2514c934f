import { exitCodeOf } from '../../packages/cli/src/exit-code.ts';
import { CATALOGUE, type ErrorCode, type ErrorKind, type Retry } from '../../packages/engine/src/base/catalogue.ts';

/** Chapters by the first word of a code; what fits none is the command itself. */
const CHAPTERS: readonly { readonly prefix: string; readonly title: string; readonly about: string }[] = [
  { prefix: 'image', title: 'Image', about: 'The virtual disk and its format.' },
  { prefix: 'package', title: 'Package', about: 'What is wrapped around an image.' },
  { prefix: 'source', title: 'Source', about: 'Where the bytes lie.' },
  { prefix: 'target', title: 'Target', about: 'What is written.' },
  { prefix: 'checkpoint', title: 'Checkpoint', about: 'What a copy remembers.' },
  { prefix: '', title: 'The command', about: 'Everything else.' },
];

const KINDS: Readonly<Record<ErrorKind, string>> = {
  failed: 'network, input and output, or a difference that was found; see retry',
  usage: 'the command was not understood',
  refused: 'the image or the package is damaged, unsupported or hostile',
  target: 'the target does not fit: too small, not writable, in use, or taken',
  interrupted: 'stopped by a signal; the checkpoint is kept',
};

const RETRIES: Readonly<Record<Retry, string>> = {
  now: 'the same call may succeed if it is made again at once',
  later: 'it may succeed when something outside has changed',
  never: 'the same call ends the same way',
};

const HEAD = `# Errors

This page is written from \`packages/engine/src/base/catalogue.ts\` by \`npm run docs\`. Do not edit it by hand.

Every error has a stable code. On a terminal the code stands in brackets below the message; with \`--json\` the error is one
JSON object on standard error: \`{"error":{"code","message","hint","retry","offset"?}}\`. \`offset\` counts in bytes of the file
or stream that is read, or of the disk for a target. The hint may say more than the remedy below, where the case is known;
\`retry\` may differ from the page, where the place that fails knows better.
`;

/** The whole page, in Markdown. */
export function errorsPage(): string {
  const chapters = CHAPTERS.map(({ prefix, title, about }) => {
    const codes = codesOf(prefix).map(section);
    return [`## ${title}\n\n${about}\n`, ...codes].join('\n');
  });
  return [HEAD, kindsTable(), retriesTable(), ...chapters].join('\n');
}

/** The codes that a page has a section for, in its order. */
export function codesOn(page: string): string[] {
  return [...page.matchAll(/^### `([^`]+)`$/gm)].map((found) => found[1] ?? '');
}

function codesOf(prefix: string): ErrorCode[] {
  const known = CHAPTERS.map((chapter) => chapter.prefix);
  const all = Object.keys(CATALOGUE) as ErrorCode[];
  return all.filter((code) => {
    const word = code.split('-')[0] ?? '';
    return (known.includes(word) ? word : '') === prefix;
  });
}

function section(code: ErrorCode): string {
  const { kind, retry, meaning, remedy } = CATALOGUE[code];
  return [
    `### \`${code}\`\n`,
    `${meaning}\n`,
    `- What to do: ${remedy}`,
    `- Kind: ${kind} (exit code ${exitCodeOf(kind)}). Retry: ${retry}.\n`,
  ].join('\n');
}

function kindsTable(): string {
  const rows = Object.entries(KINDS).map(([kind, meaning]) => {
    return `| ${kind} | ${exitCodeOf(kind as ErrorKind)} | ${meaning} |`;
  });
  return ['| kind | exit code | meaning |', '|---|---|---|', ...rows, ''].join('\n');
}

function retriesTable(): string {
  const rows = Object.entries(RETRIES).map(([retry, meaning]) => `| ${retry} | ${meaning} |`);
  return ['| retry | meaning |', '|---|---|', ...rows, ''].join('\n');
}
