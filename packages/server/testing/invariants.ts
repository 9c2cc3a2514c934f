import { isOver, shareOf } from '@diskferry/protocol';
import { expect } from 'vitest';
import type { MigrationEvent } from '../src/migrations/event.ts';
import type { Migration } from '../src/migrations/migration.ts';
import { isStage, resourcesOf } from '../src/migrations/stages.ts';

/** What holds for every migration, however it came there. */
export function requireInvariants(migration: Migration): void {
  const { standing, worker, asked, locks, images, options } = migration;
  expect(worker !== null).toBe(isStage(standing.state));
  if (!isStage(standing.state)) expect(asked).toBeNull();
  expect([[], resourcesOf(migration)]).toContainEqual(locks);
  if (isOver(standing.state) || standing.state === 'queued') expect(locks).toEqual([]);
  if (['stopping', 'transferring', 'verifying', 'proving', 'starting'].includes(standing.state)) {
    expect(locks).toEqual(resourcesOf(migration));
  }
  for (const { content, size } of images) {
    expect(shareOf(content)).toBeGreaterThanOrEqual(0);
    expect(shareOf(content)).toBeLessThanOrEqual(1);
    if (content.kind !== 'untouched' && size !== null) expect(content.of).toBe(size);
  }
  if (['verifying', 'proving', 'starting', 'succeeded'].includes(standing.state)) {
    expect(images.map(({ content }) => content.kind)).not.toContain('untouched');
    expect(images.map(({ content }) => content.kind)).not.toContain('partly');
  }
  if (standing.state === 'succeeded' && options.verify !== 'none') {
    for (const { content } of images) expect(content).toMatchObject({ kind: 'complete', verified: true });
  }
  expect(JSON.parse(JSON.stringify(migration))).toEqual(migration);
}

/** What holds between a migration and the one that an event made of it. */
export function requireLegalChange(before: Migration, event: MigrationEvent, after: Migration): void {
  expect(after.version).toBe(before.version + 1);
  expect(fixed(after)).toEqual(fixed(before));
  if (isOver(before.standing.state)) expect(event.kind).toBe('retry-asked');
  const startsOver = 'goesOn' in before.standing && !before.standing.goesOn;
  for (const [index, { content, identity }] of before.images.entries()) {
    const image = after.images[index];
    if (!image) throw new Error(`image ${index} is gone`);
    if (content.kind !== 'untouched') expect(image.content.kind).not.toBe('untouched');
    if (event.kind === 'retry-asked' && startsOver) continue;
    expect(shareOf(image.content)).toBeGreaterThanOrEqual(shareOf(content));
    if (shareOf(content) > 0) expect(image.identity).toBe(identity);
  }
}

function fixed({ id, name, kind, createdAt, images }: Migration) {
  return { id, name, kind, createdAt, targets: images.map(({ target }) => target) };
}
