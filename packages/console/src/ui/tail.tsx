import { type ReactNode, useEffect, useRef } from 'react';

interface Props {
  readonly label: string;
  /** Changes whenever something was added. */
  readonly end: string | number;
  readonly className?: string;
  readonly children: ReactNode;
}

/** Text that grows at its end, which stays in sight. Whoever scrolls up is left where he reads. */
export function Tail({ label, end, className = '', children }: Props) {
  const screen = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  useEffect(() => {
    const element = screen.current;
    if (element !== null && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [end]);
  return (
    <pre
      ref={screen}
      className={`code-block ${className}`}
      tabIndex={0}
      role="log"
      aria-label={label}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {children}
    </pre>
  );
}
