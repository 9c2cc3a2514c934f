import { useFormat } from '../words/use-format.ts';

interface Props {
  /** From 0 to 1; undefined while the size is not known. */
  readonly share: number | undefined;
  readonly label: string;
  readonly tone?: 'running' | 'good' | 'bad' | 'still';
}

/** An SVG, since a width in percent would be an inline style, which the policy of the service does not allow in markup. */
export function ProgressBar({ share, label, tone = 'running' }: Props) {
  const { percent } = useFormat();
  const value = share === undefined ? undefined : Math.round(share * 1000) / 10;
  return (
    <span className="progress">
      <svg
        className={`progress-bar is-${tone}${share === undefined ? ' is-unknown' : ''}`}
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
        preserveAspectRatio="none"
        viewBox="0 0 100 1"
      >
        <rect className="rest" width="100" height="1" />
        <rect className="done" width={value ?? 30} height="1" />
      </svg>
      <span className="progress-share">{share === undefined ? '' : percent(share)}</span>
    </span>
  );
}
