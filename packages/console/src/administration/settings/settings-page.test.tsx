// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { MemoryRouter } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProblemError } from '../../service/problem.ts';
import { service } from '../../service/service.ts';
import { startWords } from '../../words/words.ts';
import { SettingsPage } from './settings-page.tsx';

beforeEach(() => startWords('en'));
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const settings = {
  bandwidth: { global: { rate: null, windows: [] }, hosts: {} },
  concurrency: { worker: 2, host: null, provider: null },
};

async function open() {
  let version = 1;
  const ok = () => ({ data: { version, settings }, response: { ok: true } });
  vi.spyOn(service, 'GET').mockImplementation((async () => ok()) as never);
  const put = vi.spyOn(service, 'PUT').mockImplementation((async () => (version++, ok())) as never);
  const queries = new QueryClient();
  queries.setQueryData(['session'], { name: 'ann', role: 'admin' });
  const page = render(
    <QueryClientProvider client={queries}>
      <MemoryRouter>
        <SettingsPage />
      </MemoryRouter>
    </QueryClientProvider>,
  );
  await screen.findByText('Save');
  const save = () => act(async () => void fireEvent.submit(page.container.querySelector('form') as HTMLFormElement));
  return { put, save };
}
const isSaid = () => screen.queryByText('Saved. It counts from now on.') !== null;

it('says that it has saved, until something else is typed or cannot be saved', async () => {
  const { put, save } = await open();
  expect(isSaid()).toBe(false);
  await save();
  await vi.waitFor(() => expect(isSaid()).toBe(true));
  put.mockRejectedValueOnce(new ProblemError({ status: 500, code: 'internal-error', title: 'x' } as never));
  await save();
  await vi.waitFor(() => expect(put).toHaveBeenCalledTimes(2));
  await vi.waitFor(() => expect(isSaid()).toBe(false));
  await save();
  await vi.waitFor(() => expect(isSaid()).toBe(true));
  fireEvent.change(document.getElementById('worker') as HTMLInputElement, { target: { value: '3' } });
  expect(isSaid()).toBe(false);
});
