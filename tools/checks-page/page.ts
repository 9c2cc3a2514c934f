import { GUEST_CHECKS } from '../../packages/engine/src/guest/checks/catalogue.ts';
import type { GuestCheck } from '../../packages/engine/src/guest/checks/check.ts';
import { TARGET_PROFILES, type TargetTraits } from '../../packages/engine/src/guest/checks/target.ts';
import { predictions } from './predictions.ts';

const HEAD = `# Checks of what is inside an image

This page is written from \`packages/engine/src/guest/checks\` by \`npm run docs\`. Do not edit it by hand.

\`diskferry inspect\` reads the disk inside an image where it lies: some MiB of it, without root, without mounting and
without writing. Each check gives a verdict with its evidence:

| verdict | meaning |
|---|---|
| pass | it was looked at, and is as it should be |
| warn | it will start, or probably will, and a person should know |
| block | it will not start at this target, or is not what it should be |
| unknown | it cannot be told, and the evidence says why; never a guess |

A check that has nothing to look at (fstab on a data disk) says nothing.
`;

/** The whole page, in Markdown. */
export function checksPage(): string {
  return [HEAD, profiles(), predictions(), '## The checks\n', ...GUEST_CHECKS.map(section)].join('\n');
}

function profiles(): string {
  const traits = Object.keys(TARGET_PROFILES.local) as (keyof TargetTraits)[];
  const rows = Object.entries(TARGET_PROFILES).map(([name, profile]) => {
    return `| \`${name}\` | ${traits.map((trait) => shownTrait(profile[trait])).join(' | ')} |`;
  });
  const head = `| profile | ${traits.join(' | ')} |\n|---|${traits.map(() => '---|').join('')}`;
  return `## Targets\n\n\`--target-profile NAME\` says where the disk is to start.\n\n${[head, ...rows].join('\n')}\n`;
}

function shownTrait(value: TargetTraits[keyof TargetTraits]): string {
  if (value === undefined) return '–';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' ? value : value.join(', ');
}

function section({ code, looksAt, remedy, source, traits, systemOnly }: GuestCheck): string {
  return [
    `### \`${code}\`\n`,
    `Looks at ${looksAt}.\n`,
    `- What to do: ${remedy}`,
    `- Why: ${source}.`,
    `- Depends on the target's: ${traits.length > 0 ? traits.join(', ') : 'nothing'}. For: ${systemOnly ? 'system volumes' : 'every volume'}.\n`,
  ].join('\n');
}
