import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Acting, useAct } from '../../service/migrations.ts';
import { ProblemError } from '../../service/problem.ts';
import type { Migration } from '../../service/service.ts';
import { ActionButton } from '../../ui/action-button.tsx';
import { Modal } from '../../ui/modal.tsx';
import { useAction } from '../../ui/use-action.ts';
import { Notice } from '../../ui/notice.tsx';

const BULK = ['pause', 'resume', 'cancel'] as const satisfies readonly Acting['action'][];

interface Props {
  readonly chosen: ReadonlySet<string>;
  readonly migrations: readonly Migration[];
  readonly onDone: () => void;
}

/** One action for all that were chosen. What refuses is named with its reason; the others are done all the same. */
export function BulkActions({ chosen, migrations, onDone }: Props) {
  const { t } = useTranslation();
  const act = useAct();
  const [isAsked, setAsked] = useState(false);
  const [said, setSaid] = useState<{ readonly done: number; readonly refused: readonly string[] }>();
  const acting = useAction(async (action: (typeof BULK)[number]) => {
    const of = migrations.filter(({ id }) => chosen.has(id));
    const results = await Promise.allSettled(of.map(({ id }) => act({ id, action })));
    const refused = results.flatMap((result, index) => {
      return result.status === 'rejected' ? [`${of[index]?.name ?? ''}: ${reasonOf(result.reason)}`] : [];
    });
    setSaid({ done: of.length - refused.length, refused });
    setAsked(false);
    onDone();
  });
  return (
    <>
      {chosen.size > 0 && (
        <div className="row bulk">
          <span>{t('migrations.selected', { count: chosen.size })}</span>
          {BULK.map((action) => (
            <ActionButton
              key={action}
              size="small"
              loading={acting.isRunning}
              onClick={() => (action === 'cancel' ? setAsked(true) : acting.run(action))}
            >
              {t(`action.${action}`)}
            </ActionButton>
          ))}
        </div>
      )}
      {isAsked && (
        <Modal
          title={t('action.bulkCancelSure', { count: chosen.size })}
          confirm={t('action.cancel')}
          closeLabel={t('action.keepAll')}
          isDanger
          isBusy={acting.isRunning}
          onClose={() => setAsked(false)}
          onConfirm={() => acting.run('cancel')}
        >
          <p>{t('action.cancelHelp')}</p>
        </Modal>
      )}
      {said !== undefined && (
        <Notice
          theme={said.refused.length > 0 ? 'warning' : 'success'}
          role="status"
          title={t('migrations.bulkDone', { done: said.done, refused: said.refused.length })}
          message={said.refused.map((line) => (
            <p key={line}>{line}</p>
          ))}
          close
          onClose={() => setSaid(undefined)}
        />
      )}
    </>
  );
}

function reasonOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.refusal?.reason ?? error.problem.title;
  return String(error);
}
