// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { ActionButton } from './action-button.tsx';

afterEach(cleanup);

it('does what it says', () => {
  const onClick = vi.fn<() => void>();
  render(<ActionButton onClick={onClick}>Pause</ActionButton>);
  screen.getByRole('button', { name: 'Pause' }).click();
  expect(onClick).toHaveBeenCalledOnce();
});

it('stays in reach when it is off, says why, and does nothing', () => {
  const onClick = vi.fn<() => void>();
  render(
    <ActionButton why="It is paused already." onClick={onClick}>
      Pause
    </ActionButton>,
  );
  const button = screen.getByRole('button', { name: 'Pause' });
  button.click();
  expect(onClick).not.toHaveBeenCalled();
  expect(button.getAttribute('aria-disabled')).toBe('true');
  expect((button as HTMLButtonElement).disabled).toBe(false);
  const reason = document.getElementById(button.getAttribute('aria-describedby') ?? '');
  expect(reason?.textContent).toBe('It is paused already.');
});
