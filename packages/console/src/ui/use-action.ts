import { useMutation } from '@tanstack/react-query';

export interface Action<Input> {
  readonly run: (input: Input) => void;
  readonly isRunning: boolean;
  readonly error: Error | null;
  readonly reset: () => void;
}

/** Something that a person starts: whether it runs, and why it failed. */
export function useAction<Input = void>(work: (input: Input) => Promise<unknown>, onDone?: () => void): Action<Input> {
  const { mutate, isPending, error, reset } = useMutation({ mutationFn: work, onSuccess: () => onDone?.() });
  return { run: mutate, isRunning: isPending, error, reset };
}
