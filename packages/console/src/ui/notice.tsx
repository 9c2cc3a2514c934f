import { Alert, type AlertProps } from 'tdesign-react';

interface Props extends AlertProps {
  /** What is an alert interrupts a screen reader; a status waits for its turn. */
  readonly role?: 'alert' | 'status';
}

/** An alert of TDesign that a screen reader hears of. */
export function Notice({ role, ...alert }: Props) {
  return (
    <div role={role}>
      <Alert {...alert} />
    </div>
  );
}
