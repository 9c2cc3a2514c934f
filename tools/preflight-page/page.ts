import { GUEST_CHECKS } from '@diskferry/engine/guest';
import { CHECK_GROUPS, type CheckEntry } from '../../packages/server/src/preflight/catalogue.ts';

const HEAD = `# Preflight

This page is written from \`packages/server/src/preflight/catalogue.ts\` by \`npm run docs\`. Do not edit it by hand.

Before a byte is written, and before anything is stopped, a migration is checked. A preflight changes nothing. Each check has
a stable code, a verdict, the evidence that it found, and what can be done.

| verdict | meaning |
|---|---|
| pass | nothing stands in the way |
| warn | you should know; accept it by its code, in \`options.accept\` |
| block | it cannot be done like this |
| unknown | it could not be found out now; the evidence says why |

A check that takes longer than 30 seconds, or has to read more than 128 MiB of a source, is unknown. Where a migration runs
already and meets a block that waiting can help, it waits instead of failing; what for stands with the check.

"The original" is Tencent Cloud's service migration, as its public documents describe it.
`;

/** The whole page, in Markdown. */
export function preflightPage(): string {
  const chapters = CHECK_GROUPS.map(({ title, about, checks }) => {
    return [`## ${title}\n\n${about}\n`, ...Object.entries(checks).map(section)].join('\n');
  });
  return [HEAD, ...chapters, guestChapter()].join('\n');
}

/** Of every image; most of it of the one that a system shall start from. */
function guestChapter(): string {
  const codes = shownCodes(GUEST_CHECKS);
  const forEvery = shownCodes(GUEST_CHECKS.filter(({ systemOnly }) => !systemOnly));
  return `## The guest

Of the first image of an instance migration, the rules about the system inside, for what the provider's instances have (the
traits in \`GET /api/v1/regions\`: bus, network card, partition tables, …) and the firmware of the instance: ${codes.join(', ')}.
They stand in [checks.md](checks.md). Of every other image, and of a data migration, only those for every volume:
${forEvery.join(', ')}. Rules about a network pass at instances without one, and say so. That a system will not start is a prediction: what blocks here can
be accepted by its code, as a warning is. Of a packed image only the beginning is looked at; \`guest-inspected\` says what could
not be told.
`;
}

function shownCodes(checks: typeof GUEST_CHECKS): string[] {
  return checks.map(({ code }) => `\`${code}\``);
}

function section([code, { verdicts, title, remedy, rule, waitsFor }]: [string, CheckEntry]): string {
  return [
    `### \`${code}\`\n`,
    `${title}\n`,
    `- Says: ${verdicts.join(', ')}.${waitsFor === undefined ? '' : ` Blocked, it waits for: ${waitsFor}.`}`,
    ...(remedy === null ? [] : [`- What to do: ${remedy}`]),
    `- Why: ${rule}\n`,
  ].join('\n');
}
