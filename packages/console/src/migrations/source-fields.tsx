import { Checkbox, Tag } from 'tdesign-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { TextField } from '../ui/field.tsx';
import { useFormat } from '../words/use-format.ts';
import { understandLink } from './link.ts';
import type { SourceDraft } from './source-draft.ts';

interface Props {
  readonly id: string;
  readonly draft: SourceDraft;
  readonly onChange: (draft: SourceDraft) => void;
  readonly areErrorsShown: boolean;
  /** What the service says about the link. */
  readonly refused?: string | undefined;
}

export function SourceFields({ id, draft, onChange, areErrorsShown, refused }: Props) {
  const { t } = useTranslation();
  const isUnknown = draft.link.trim() !== '' && understandLink(draft.link) === undefined;
  const wrong = isUnknown
    ? t('wizard.errors.linkUnknown')
    : draft.link.trim() === ''
      ? t('wizard.errors.link')
      : undefined;
  return (
    <>
      <TextField
        id={`${id}-link`}
        label={t('wizard.configure.link')}
        help={t('wizard.configure.linkHelp')}
        value={draft.link}
        onChange={(link) => onChange({ ...draft, link })}
        error={areErrorsShown ? (wrong ?? refused) : undefined}
      />
      <Understood link={draft.link} />
      <Checkbox checked={draft.isPrivate} onChange={(isPrivate) => onChange({ ...draft, isPrivate })}>
        {t('wizard.configure.credentials')}
      </Checkbox>
      {draft.isPrivate && <Keys id={id} draft={draft} onChange={onChange} areErrorsShown={areErrorsShown} />}
    </>
  );
}

const KEY_NAMES = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;

function Keys({ id, draft, onChange, areErrorsShown }: Props) {
  const { t } = useTranslation();
  return (
    <div className="inset">
      <p className="quiet">{t('wizard.configure.credentialsHelp')}</p>
      {KEY_NAMES.map((name) => (
        <TextField
          key={name}
          id={`${id}-${name}`}
          label={t(`wizard.configure.${name}`)}
          type={name === 'accessKeyId' ? 'text' : 'password'}
          value={draft[name]}
          autoComplete="off"
          onChange={(value) => onChange({ ...draft, [name]: value })}
          error={
            areErrorsShown && name !== 'sessionToken' && draft[name] === '' ? t('wizard.errors.credentials') : undefined
          }
        />
      ))}
    </div>
  );
}

/** Said back, so that a slip is seen before anything is asked of the store. */
function Understood({ link }: { readonly link: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const found = understandLink(link);
  if (found === undefined) return null;
  const { kind, isSigned, signedUntil, isPlain } = found;
  const parts = (['bucket', 'key', 'host', 'path'] as const).filter((name) => found[name] !== undefined);
  const time = signedUntil === undefined ? undefined : format.dateTime(signedUntil);
  const isOver = signedUntil !== undefined && signedUntil < Date.now();
  return (
    <dl className="understood" aria-live="polite">
      <dt className="unseen">{t('wizard.configure.link')}</dt>
      <dd>
        <Tag theme="primary" variant="light">
          {t(`wizard.configure.understood.${kind}`)}
        </Tag>
      </dd>
      {parts.map((name) => (
        <Said key={name} name={t(`wizard.configure.understood.${name}`)}>
          {found[name]}
        </Said>
      ))}
      {(kind === 'cos' || kind === 's3') && (
        <Said name={t('wizard.configure.understood.region')}>
          {found.region ?? t('wizard.configure.understood.regionUnknown')}
        </Said>
      )}
      {isSigned === true && (
        <dd className={isOver ? 'field-error' : ''}>
          {time === undefined
            ? t('wizard.configure.understood.signed')
            : t(`wizard.configure.understood.${isOver ? 'signedOver' : 'signedUntil'}`, { time })}
        </dd>
      )}
      {isPlain === true && <dd className="warned">{t('wizard.configure.understood.http_plain')}</dd>}
    </dl>
  );
}

function Said({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <code>{children}</code>
      </dd>
    </>
  );
}
