import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KEYS } from '../service/migrations.ts';
import { ProblemError } from '../service/problem.ts';
import { answered, type Migration, service } from '../service/service.ts';
import { ChoiceField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { CheckList } from './checks.tsx';
import { credentialsOf, EMPTY_SOURCE, isWhole, type SourceDraft } from './source-draft.ts';
import { SourceFields } from './source-fields.tsx';

/** A signed link has run out, or keys were changed: another way to the same object. */
export function NewLink({ migration, onClose }: { readonly migration: Migration; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [image, setImage] = useState('0');
  const [draft, setDraft] = useState<SourceDraft>(EMPTY_SOURCE);
  const [isTried, setTried] = useState(false);
  const replace = useAction(async () => {
    const params = { path: { id: migration.id } };
    const body = { image: Number(image), link: draft.link.trim(), ...credentialsOf(draft) };
    const changed = await answered(service.POST('/api/v1/migrations/{id}/actions/replace-link', { params, body }));
    queries.setQueryData(KEYS.one(migration.id), changed);
    await queries.invalidateQueries({ queryKey: KEYS.all });
  }, onClose);
  const confirm = (): void => {
    setTried(true);
    if (isWhole(draft)) replace.run();
  };
  const choices = migration.images.map(({ source }, index) => [`${index}`, `${index + 1}: ${source.link}`] as const);
  return (
    <Modal
      title={t('newLink.title')}
      confirm={t('newLink.submit')}
      isBusy={replace.isRunning}
      onClose={onClose}
      onConfirm={confirm}
    >
      <p className="quiet">{t('newLink.help')}</p>
      {choices.length > 1 && (
        <ChoiceField id="new-link-image" label={t('field.name')} value={image} choices={choices} onChange={setImage} />
      )}
      <SourceFields id="new-link" draft={draft} onChange={setDraft} areErrorsShown={isTried} />
      {replace.error !== null && <Refused error={replace.error} />}
    </Modal>
  );
}

/** Together with what the checks found about the new link. */
function Refused({ error }: { readonly error: Error }) {
  const checks = error instanceof ProblemError ? (error.problem.checks ?? []) : [];
  return (
    <>
      <ProblemBox error={error} />
      <CheckList checks={checks.filter(({ verdict }) => verdict !== 'pass')} />
    </>
  );
}
