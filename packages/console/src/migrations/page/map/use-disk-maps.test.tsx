// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, renderHook } from '@testing-library/react';
import type { LiveProgress } from '@diskferry/protocol';
import type { ReactNode } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { sampleMigration } from '../../../../testing/sample-migration.ts';
import { service } from '../../../service/service.ts';
import { useDiskMaps } from './use-disk-maps.ts';

const map = (done: number) => ({
  cells: 8,
  runs: [
    [4, done],
    [2, 8 - done],
  ],
});
const live = (image: number, done: number) => ({ image, map: map(done) }) as unknown as LiveProgress;

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

/** The service keeps these, and answers when it is told to. */
function scene(kept: readonly (readonly [image: number, done: number])[]) {
  const answers: (() => void)[] = [];
  vi.spyOn(service, 'GET').mockImplementation((async () => {
    await new Promise<void>((answer) => answers.push(answer));
    const items = kept.map(([image, done]) => ({ image, map: map(done) }));
    return { data: { items }, response: { ok: true } };
  }) as never);
  const queries = new QueryClient();
  const wrapper = ({ children }: { readonly children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const hook = renderHook(
    ({ state, told }: { state: 'transferring' | 'verifying'; told: LiveProgress | undefined }) =>
      useDiskMaps(sampleMigration({ state }), told),
    { wrapper, initialProps: { state: 'transferring', told: undefined } as never },
  );
  const doneOf = (image: number) => hook.result.current.get(image)?.runs[0]?.[1];
  const answer = () => act(async () => answers.splice(0).forEach((each) => each()));
  return { ...hook, doneOf, answer };
}

it('has what was kept of all, and what is told of the one that is worked on', async () => {
  const { rerender, doneOf, answer } = scene([
    [0, 8],
    [1, 2],
  ]);
  await answer();
  await vi.waitFor(() => expect([doneOf(0), doneOf(1), doneOf(2)]).toEqual([8, 2, undefined]));
  rerender({ state: 'transferring', told: live(1, 5) });
  expect([doneOf(0), doneOf(1)]).toEqual([8, 5]);
});

it('shows on what was seen when a stage ends, until what was kept then is read', async () => {
  const { rerender, doneOf, answer } = scene([[0, 3]]);
  await answer();
  await vi.waitFor(() => expect(doneOf(0)).toBe(3));
  rerender({ state: 'transferring', told: live(0, 6) });
  rerender({ state: 'verifying', told: undefined });
  expect(doneOf(0)).toBe(6);
  await answer();
  await vi.waitFor(() => expect(doneOf(0)).toBe(3));
});

it('shows on what was seen since of a disk that is not worked on any more', async () => {
  const { rerender, doneOf, answer } = scene([[0, 3]]);
  await answer();
  await vi.waitFor(() => expect(doneOf(0)).toBe(3));
  await new Promise((resolve) => setTimeout(resolve, 5));
  rerender({ state: 'verifying', told: live(0, 4) });
  await answer();
  await vi.waitFor(() => expect(doneOf(0)).toBe(4));
  await new Promise((resolve) => setTimeout(resolve, 5));
  rerender({ state: 'verifying', told: live(0, 6) });
  rerender({ state: 'verifying', told: live(1, 1) });
  expect([doneOf(0), doneOf(1)]).toEqual([6, 1]);
});
