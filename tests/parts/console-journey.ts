import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Check, mayBeAccepted } from '@diskferry/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { HAS_CHROMIUM } from '../../packages/console/testing/browser.ts';
import { type ConsoleScene, consoleScene } from '../../packages/console/testing/console-scene.ts';

export const PASSWORD = 'correct horse battery staple';

interface Journey {
  /** Before the first page is opened. */
  readonly ready?: (scene: ConsoleScene) => Promise<void>;
  /** Besides Chromium. */
  readonly needs?: { readonly name: string; readonly here: boolean };
  /** The tests; the scene is there once they run. */
  readonly tests: (scene: () => ConsoleScene) => void;
}

/** One subject of the console: a service and a browser of its own; at the end no script and no rule may have been at fault. */
export function consoleJourney(subject: string, { ready, needs, tests }: Journey): void {
  const isHere = HAS_CHROMIUM && (needs?.here ?? true);
  const named = ['chromium', ...(needs === undefined ? [] : [needs.name])].join(', ');
  describe.skipIf(!isHere)(`the console: ${subject} [needs ${named}]`, () => {
    let scene: ConsoleScene;
    beforeAll(async () => {
      scene = await consoleScene();
      await ready?.(scene);
    });
    afterAll(() => scene[Symbol.asyncDispose]());
    tests(() => scene);
    it('has thrown nothing, and broken no rule of its own policy', () => {
      expect(scene.faults).toEqual([]);
    });
  });
}

/** As an admin of the service, by the token of its machine. @returns what was answered, nothing where that is empty */
export async function asked<Answer = unknown>(
  { service: { address, data } }: ConsoleScene,
  path: string,
  { method = 'GET', body }: { readonly method?: string; readonly body?: object } = {},
): Promise<Answer> {
  const token = (await readFile(join(data, 'local-token'), 'utf8')).trim();
  const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
  const answer = await fetch(`${address}/api/v1/${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: ${await answer.text()}`);
  return (await answer.text().then((text) => (text === '' ? undefined : JSON.parse(text)))) as Answer;
}

interface NewMigration {
  readonly name: string;
  readonly link: string;
  readonly volume?: string;
  readonly instance?: string;
  readonly bandwidth?: number;
}

/** One that nobody has clicked together, onto a volume or an instance, with all that may be accepted. @returns its id */
export async function migrating(
  scene: ConsoleScene,
  { name, link, bandwidth, ...target }: NewMigration,
): Promise<string> {
  const kind = target.instance === undefined ? 'data' : 'instance';
  const images = [{ source: { link }, target }];
  const options = { bandwidth: bandwidth ?? null, ...(kind === 'instance' && { proveBoot: 'never' }) };
  const found = await asked<{ checks: Check[] }>(scene, 'preflight', {
    method: 'POST',
    body: { kind, images, options },
  });
  const accept = [...new Set(found.checks.filter(mayBeAccepted).map(({ code }) => code))];
  const body = { name, kind, images, options: { ...options, accept } };
  return (await asked<{ id: string }>(scene, 'migrations', { method: 'POST', body })).id;
}

export async function untilOver(scene: ConsoleScene, id: string): Promise<void> {
  const state = async () => (await asked<{ state: string }>(scene, `migrations/${id}`)).state;
  await vi.waitFor(async () => expect(await state()).toMatch(/succeeded|failed/), { timeout: 30_000, interval: 200 });
  expect(await state()).toBe('succeeded');
}

export async function makeVolume({ service }: ConsoleScene, name: string, size: string): Promise<string> {
  return (await service.ask<{ id: string }>('volumes', 'create', name, '--size', size)).id;
}
