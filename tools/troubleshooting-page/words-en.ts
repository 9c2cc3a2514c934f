import { CHECK_GROUPS } from '../../packages/server/src/preflight/catalogue.ts';
import type { PageWords } from './words.ts';

const HEAD = `# Troubleshooting

[日本語](troubleshooting.ja.md) · [中文](troubleshooting.zh.md)

This page is written from the catalogues of the program by \`npm run docs\`. Do not edit it by hand.

Whatever goes wrong has a stable code: the console shows it with the message, the command in brackets, the API as \`code\`. Look
for it on this page. The remedies are those of the service and its console; those of the command alone, with its flags, are in
[errors.md](../errors.md).

| what you see | where to look |
|---|---|
| Finish cannot be pressed, or \`migrate\` ends with a check | the checks below; each shows what it found |
| it waits | the page of the migration says for what; a new link: \`migrations replace-link\`; a person: the code that it shows |
| it failed | the code, then Try again (\`migrations retry\`): it goes on where it stood, where the page says that it can |
| it is slow | the bottleneck on its page: the source, a limit that is set, unpacking, or the disk |
| it succeeded, and the server does not start | \`diskferry inspect\` on the image, and its [checks](../checks.md); the serial console of the instance |
| a button is disabled | the reasons at the end |

Support gets what it needs from the bundle on the page of a failed migration: signatures of links and credentials are not in it.
`;

/** English; the chapters of checks are those of docs/preflight.md. */
export const WORDS_EN: PageWords = {
  head: HEAD,
  remedy: 'What to do: ',
  retry: 'Try again: ',
  retries: {
    now: 'at once',
    later: 'when something outside has changed',
    never: 'not without another image, link, target or request',
  },
  status: 'HTTP status: ',
  says: 'Says: ',
  verdicts: { pass: 'pass', warn: 'warn', block: 'block', unknown: 'unknown' },
  waits: 'A migration that is under way waits for: ',
  reasons: {
    'start-time': 'its start time',
    worker: 'a worker',
    link: 'a new link',
    credentials: 'new credentials',
    person: 'a person',
  },
  stop: '.',
  separator: ', ',
  checkChapters: CHECK_GROUPS.map(({ title, about }) => [`Check: ${title.toLowerCase()}`, about] as const),
  inside: [
    'Check: what is inside the image',
    'Whether the system on the disk will start at the target; more in [checks.md](../checks.md).',
  ],
  engineChapters: [
    ['image', 'Image', 'The virtual disk and its format.'],
    ['package', 'Package', 'What is wrapped around an image.'],
    ['source', 'Source', 'Where the bytes lie.'],
    ['target', 'Target', 'What is written.'],
    ['checkpoint', 'Checkpoint', 'What a copy remembers.'],
    ['', 'Everything else', 'The command and the copy itself.'],
  ],
  provider: ['Instances and volumes', 'What the provider refuses.'],
  service: ['The service', 'What the service itself answers, with the status of the answer.'],
  refusals: ['Why an action is not allowed', 'The reason that a disabled button shows.'],
};
