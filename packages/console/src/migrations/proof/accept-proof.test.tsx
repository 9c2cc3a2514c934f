// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { sampleMigration } from '../../../testing/sample-migration.ts';
import type { Migration } from '../../service/service.ts';
import { startWords } from '../../words/words.ts';
import { AcceptProof, proofObstacle } from './accept-proof.tsx';
import { ProofPanel } from './proof-panel.tsx';

const PROOF = {
  verdict: 'failed',
  reached: 'emergency-mode',
  evidence: ['You are in emergency mode', 'Press Enter'],
  seconds: 75,
  accelerator: 'tcg',
  screenshot: true,
} satisfies Migration['bootProof'];
const waiting = (changes: Partial<Migration> = {}) =>
  sampleMigration({ state: 'waiting', waitsFor: 'person', waitCode: 'boot-failed', bootProof: PROOF, ...changes });

beforeEach(() => startWords('en'));
afterEach(cleanup);

function show(children: ReactNode, role: 'operator' | 'viewer' = 'operator'): void {
  const queries = new QueryClient();
  queries.setQueryData(['session'], { name: 'ann', role });
  render(<QueryClientProvider client={queries}>{children}</QueryClientProvider>);
}

function ask(migration: Migration) {
  const onResume = vi.fn<(accept: readonly string[]) => void>();
  const obstacle = proofObstacle(migration);
  if (obstacle === undefined) throw new Error('nothing is asked');
  show(<AcceptProof {...{ migration, obstacle, onResume }} error={null} isBusy={false} onClose={() => undefined} />);
  return onResume;
}

/** The dialog is submitted by its button or by Enter. */
function goOn(): void {
  fireEvent.submit(screen.getByText('Go on').closest('form') as HTMLFormElement);
}

describe('a proof that a person has to judge', () => {
  it('is accepted by its code, and only after a word that it is', () => {
    const onResume = ask(waiting());
    expect(screen.getByText(/Press Enter/)).toBeTruthy();
    expect(screen.getByText('The instance is started, whatever becomes of it.')).toBeTruthy();
    goOn();
    expect(onResume).not.toHaveBeenCalled();
    expect(screen.getByRole('alert', { hidden: true }).textContent).toContain('Say first');
    fireEvent.click(screen.getByRole('checkbox', { hidden: true }));
    goOn();
    expect(onResume).toHaveBeenCalledExactlyOnceWith(['boot-failed']);
  });

  it('is tried once more without accepting anything', () => {
    const onResume = ask(waiting());
    fireEvent.click(screen.getByText('Start a copy once more'));
    expect(onResume).toHaveBeenCalledExactlyOnceWith([]);
  });

  it('says why it could not be proved, and that the instance stays off where it is not to be started', () => {
    const { options } = waiting();
    ask(
      waiting({
        waitCode: 'boot-unproved',
        waitDetail: 'boot-unproved: no qemu',
        bootProof: null,
        options: { ...options, startAfterwards: false },
      }),
    );
    expect(screen.getByText('boot-unproved: no qemu')).toBeTruthy();
    expect(screen.getByText(/stays off/)).toBeTruthy();
  });

  it.each([{ waitCode: 'target-overwritten' }, { waitsFor: null }, { waitCode: null }] as const)(
    'is none with %j',
    (changes) => expect(proofObstacle(waiting(changes))).toBeUndefined(),
  );
});

describe('ProofPanel', () => {
  it('says in words what was shown, with the screen for who may see it', () => {
    show(<ProofPanel migration={sampleMigration({ bootProof: PROOF })} />);
    expect(screen.getByText('It does not start: a copy of the disks did not come up')).toBeTruthy();
    expect(screen.getByText('it stopped in emergency mode')).toBeTruthy();
    expect(screen.getByText('1 min 15 sec')).toBeTruthy();
    expect(screen.getByRole('img').getAttribute('src')).toBe('/api/v1/migrations/m-1/boot-screen?look=7');
    cleanup();
    show(<ProofPanel migration={sampleMigration({ bootProof: PROOF })} />, 'viewer');
    expect(screen.queryByRole('img')).toBeNull();
  });

  it('is there while a copy comes up, and not where none was asked for', () => {
    show(<ProofPanel migration={sampleMigration({ state: 'proving' })} />);
    expect(screen.getByText(/Nothing is written to the disks/)).toBeTruthy();
    cleanup();
    show(<ProofPanel migration={sampleMigration()} />);
    expect(screen.queryByText('Boot proof')).toBeNull();
  });
});
