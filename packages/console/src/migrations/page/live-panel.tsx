import { useTranslation } from 'react-i18next';
import type { LiveProgress } from '@diskferry/protocol';
import { Fact, Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/page.tsx';
import { useFormat } from '../../words/use-format.ts';
import { useRemaining } from '../standing.tsx';
import { SpeedChart } from './speed-chart.tsx';
import { useSamples } from './use-samples.ts';

/** How fast, how much longer, and what holds it up. */
export function LivePanel({ live }: { readonly live: LiveProgress }) {
  const { t } = useTranslation();
  const format = useFormat();
  const samples = useSamples(live);
  const remaining = useRemaining(live);
  return (
    <Panel title={t('migration.speed')}>
      <div className="live">
        <SpeedChart samples={samples} />
        <Facts>
          <Fact name={t('migration.speedLanded')}>
            <b className="large">{format.rate(live.speed.landed)}</b>
          </Fact>
          <Fact name={t('migration.speedRead')}>{format.rate(live.speed.read)}</Fact>
          <Fact name={t('migration.remaining')}>
            {remaining ?? t('migration.unknownYet')}
            {live.remaining !== null && (
              <span className="quiet small">{t(`migration.remainingBy.${live.remaining.basis}`)}</span>
            )}
          </Fact>
          <Fact name={t('migration.bottleneck')}>
            {live.bottleneck === null ? t('migration.unknownYet') : t(`migration.bottlenecks.${live.bottleneck}`)}
          </Fact>
        </Facts>
      </div>
    </Panel>
  );
}
