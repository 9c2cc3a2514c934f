// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { MemoryRouter, Route, Routes } from 'react-router';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { startWords } from '../words/words.ts';
import { GuidePage } from './guide-page.tsx';

vi.mock('./guides.ts', () => {
  const html = '<h2 id="はじめに">First</h2>';
  return { findGuide: () => ({ language: 'en', load: async () => ({ title: 'A guide', html }) }) };
});

beforeEach(() => startWords('en'));
afterEach(cleanup);

function open(address: string): void {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter initialEntries={[address]}>
        <Routes>
          <Route path="/guides/:name" element={<GuidePage />} />
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  );
}

it('goes to the heading that the address names', async () => {
  const shown = vi.spyOn(Element.prototype, 'scrollIntoView').mockImplementation(() => undefined);
  open(`/guides/a#${encodeURIComponent('はじめに')}`);
  await vi.waitFor(() => expect(shown).toHaveBeenCalledOnce());
});

it('is there whatever stands behind the number sign', async () => {
  open('/guides/a#100%');
  expect(await screen.findByText('A guide')).toBeTruthy();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(screen.getByText('First')).toBeTruthy();
});
