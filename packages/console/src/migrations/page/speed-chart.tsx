import { useTranslation } from 'react-i18next';
import { useFormat } from '../../words/use-format.ts';
import type { Sample } from './use-samples.ts';

const WIDTH = 480;
const HEIGHT = 120;
const LINES = 3;
/** So short a time is shown as long, so that the first points do not fill the chart. */
const SHORTEST_MS = 60_000;

/** Bytes a second over time: what is read from the source, and what lands on the disk. */
export function SpeedChart({ samples }: { readonly samples: readonly Sample[] }) {
  const { t } = useTranslation();
  const { rate } = useFormat();
  const last = samples.at(-1);
  if (last === undefined) return null;
  const top = niceTop(Math.max(...samples.flatMap(({ read, landed }) => [read, landed])));
  const label = t('migration.speedChart', { read: rate(last.read), landed: rate(last.landed) });
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label} preserveAspectRatio="none">
        {Array.from({ length: LINES + 1 }, (_, line) => (
          <line
            key={line}
            x1="0"
            x2={WIDTH}
            y1={(HEIGHT / LINES) * line}
            y2={(HEIGHT / LINES) * line}
            className="grid-line"
          />
        ))}
        <polyline className="line-read" points={pointsOf(samples, top, ({ read }) => read)} />
        <polyline className="line-landed" points={pointsOf(samples, top, ({ landed }) => landed)} />
      </svg>
      <figcaption className="row quiet small">
        <span className="key-landed">{t('migration.speedLanded')}</span>
        <span className="key-read">{t('migration.speedRead')}</span>
        <span className="push">{rate(top)}</span>
      </figcaption>
    </figure>
  );
}

export function pointsOf(samples: readonly Sample[], top: number, valueOf: (sample: Sample) => number): string {
  const end = samples.at(-1)?.at ?? 0;
  const span = Math.max(SHORTEST_MS, end - (samples[0]?.at ?? 0));
  return samples
    .map((sample) => {
      const x = WIDTH * (1 - (end - sample.at) / span);
      const y = HEIGHT * (1 - Math.min(1, valueOf(sample) / top));
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(' ');
}

/** A power of two or the half above it: the scale stands still while the speed moves. */
export function niceTop(most: number): number {
  const power = 2 ** Math.ceil(Math.log2(Math.max(most, 1024)));
  return most <= power * 0.75 ? power * 0.75 : power;
}
