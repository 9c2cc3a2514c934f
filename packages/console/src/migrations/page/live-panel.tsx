import { useTranslation } from 'react-i18next';
import type { LiveProgress } from '@diskferry/protocol';
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
        <dl className="facts">
          <div>
            <dt>{t('migration.speedLanded')}</dt>
            <dd>
              <b className="large">{format.rate(live.speed.landed)}</b>
            </dd>
          </div>
          <div>
            <dt>{t('migration.speedRead')}</dt>
            <dd>{format.rate(live.speed.read)}</dd>
          </div>
          <div>
            <dt>{t('migration.remaining')}</dt>
            <dd>
              {remaining ?? t('migration.unknownYet')}
              {live.remaining !== null && (
                <span className="quiet small">{t(`migration.remainingBy.${live.remaining.basis}`)}</span>
              )}
            </dd>
          </div>
          <div>
            <dt>{t('migration.bottleneck')}</dt>
            <dd>
              {live.bottleneck === null ? t('migration.unknownYet') : t(`migration.bottlenecks.${live.bottleneck}`)}
            </dd>
          </div>
        </dl>
      </div>
    </Panel>
  );
}
