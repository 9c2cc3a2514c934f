import { useTranslation } from 'react-i18next';
import type { Migration } from '../../service/service.ts';
import { useMay } from '../../service/session.ts';
import { FactRows, Facts } from '../../ui/facts.tsx';
import { Tail } from '../../ui/tail.tsx';
import { useFormat } from '../../words/use-format.ts';

interface Props {
  readonly migration: Migration;
  readonly proof: NonNullable<Migration['bootProof']>;
}

/** What starting a copy of the disks has shown: how far it came, what it said, and its screen where that was kept. */
export function ProofResult({ migration, proof }: Props) {
  const { t } = useTranslation();
  const { duration } = useFormat();
  const may = useMay();
  const { reached, evidence, seconds, accelerator, screenshot } = proof;
  const facts = [
    [t('proof.reachedLabel'), t(`proof.reached.${reached}`)],
    [t('proof.time'), duration(seconds)],
    [t('proof.machine'), isKnown(accelerator) ? t(`proof.accelerator.${accelerator}`) : accelerator],
  ] as const;
  return (
    <>
      <Facts>
        <FactRows rows={facts} />
      </Facts>
      <div className="proof-seen">
        {evidence.length > 0 && (
          <figure>
            <figcaption className="quiet small">{t('proof.evidence')}</figcaption>
            <Tail label={t('proof.evidence')} end={evidence.length}>
              {evidence.join('\n')}
            </Tail>
          </figure>
        )}
        {screenshot && may('instance.read-console') && (
          <figure>
            <figcaption className="quiet small">{t('proof.screen')}</figcaption>
            <img className="screen" src={screenOf(migration)} alt={t('proof.screen')} />
          </figure>
        )}
      </div>
    </>
  );
}

/** The version, since another copy may have been started after a retry. */
function screenOf({ id, version }: Migration): string {
  return `/api/v1/migrations/${encodeURIComponent(id)}/boot-screen?look=${version}`;
}

function isKnown(accelerator: string): accelerator is 'kvm' | 'tcg' | 'none' {
  return ['kvm', 'tcg', 'none'].includes(accelerator);
}
