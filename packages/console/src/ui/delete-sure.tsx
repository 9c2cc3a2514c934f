import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Modal } from './modal.tsx';
import { ProblemBox } from './problem-box.tsx';
import { useAction } from './use-action.ts';

interface Props {
  readonly title: string;
  readonly help: string;
  /** What the button says, where it is not `delete`. */
  readonly confirm?: string;
  /** What is read again afterwards. */
  readonly queryKey: string;
  readonly work: () => Promise<unknown>;
  readonly onClose: () => void;
}

export function DeleteSure({ title, help, confirm, queryKey, work, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const deleting = useAction(async () => {
    await work();
    await queries.invalidateQueries({ queryKey: [queryKey] });
  }, onClose);
  return (
    <Modal
      title={title}
      confirm={confirm ?? t('act.delete')}
      isDanger
      isBusy={deleting.isRunning}
      onClose={onClose}
      onConfirm={() => deleting.run()}
    >
      <p>{help}</p>
      {deleting.error !== null && <ProblemBox error={deleting.error} />}
    </Modal>
  );
}
