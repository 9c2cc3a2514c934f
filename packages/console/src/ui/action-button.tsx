import { Button, type ButtonProps, Tooltip } from 'tdesign-react';
import { type ReactNode, useId } from 'react';

interface Props {
  readonly onClick: () => void;
  readonly children: ReactNode;
  /** Why it cannot be done now. The button stays in reach of keyboard and screen reader, so that the reason is. */
  readonly why?: string | null | undefined;
  readonly theme?: ButtonProps['theme'];
  readonly variant?: ButtonProps['variant'];
  readonly size?: ButtonProps['size'];
  readonly loading?: boolean;
  readonly label?: string;
  readonly icon?: ButtonProps['icon'];
}

/** A button that says why it is disabled. */
export function ActionButton({ onClick, children, why, loading = false, label, ...look }: Props) {
  const id = useId();
  const isOff = typeof why === 'string' && why !== '';
  const button = (
    <Button
      {...({ theme: 'default', variant: 'outline', ...look } as ButtonProps)}
      loading={loading}
      className={isOff ? 't-is-disabled' : ''}
      aria-disabled={isOff}
      aria-label={label}
      aria-describedby={isOff ? id : undefined}
      onClick={() => {
        if (!isOff && !loading) onClick();
      }}
    >
      {children}
    </Button>
  );
  if (!isOff) return button;
  return (
    <>
      <Tooltip content={why}>{button}</Tooltip>
      <span id={id} className="unseen">
        {why}
      </span>
    </>
  );
}
