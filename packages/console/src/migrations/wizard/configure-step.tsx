import { Button } from 'tdesign-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { fieldError, type Problem } from '../../service/problem.ts';
import { TextField } from '../../ui/field.tsx';
import { Panel } from '../../ui/page.tsx';
import { type Draft, EMPTY_IMAGE, faultsOf, type ImageDraft, isOntoInstance } from './draft.ts';
import { ImageOptions } from './image-options.tsx';
import { OptionFields } from './option-fields.tsx';
import type { StepProps } from './step.ts';
import { SourceFields } from '../source-fields.tsx';
import { TargetPicker } from './target-picker.tsx';

interface Props extends StepProps {
  /** What the service said about what was sent to be checked. */
  readonly refusal: Problem | undefined;
  readonly onBack: () => void;
  readonly onNext: () => void;
}

export function ConfigureStep({ kind, draft, onChange, refusal, onBack, onNext }: Props) {
  const { t } = useTranslation();
  const [isTried, setTried] = useState(refusal !== undefined);
  const faults = faultsOf(draft);
  const faultOf = (field: string): string | undefined => {
    const name = faults[field];
    return isTried && name !== undefined ? t(`wizard.errors.${name}`) : undefined;
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    const [first] = Object.keys(faults);
    if (first === undefined) onNext();
    else document.getElementById(first)?.focus();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Panel>
        <TextField
          id="name"
          label={t('wizard.configure.name')}
          value={draft.name}
          onChange={(name) => onChange({ ...draft, name })}
          error={faultOf('name') ?? fieldError(refusal, '/name')}
        />
      </Panel>
      {draft.images.map((image, index) => (
        <ImagePanel
          // Images have no name of their own, and only the last can go without moving the others.
          key={index}
          {...{ kind, draft, onChange, image, index, refusal, isTried }}
          fault={faultOf(`image-${index}-target`)}
        />
      ))}
      <div className="row">
        <Button variant="outline" theme="default" onClick={() => onChange(withImage(draft))}>
          {t('wizard.configure.addImage')}
        </Button>
        <span className="quiet small">{kind === 'instance' && t('wizard.configure.extraHelp')}</span>
      </div>
      <OptionFields kind={kind} draft={draft} onChange={onChange} fault={faultOf('bandwidth')} />
      <footer className="row end">
        <Button variant="outline" theme="default" onClick={onBack}>
          {t('wizard.back')}
        </Button>
        <Button type="submit">{t('wizard.next')}</Button>
      </footer>
    </form>
  );
}

function withImage(draft: Draft): Draft {
  return { ...draft, images: [...draft.images, EMPTY_IMAGE] };
}

interface ImageProps extends StepProps {
  readonly image: ImageDraft;
  readonly index: number;
  readonly refusal: Problem | undefined;
  readonly isTried: boolean;
  readonly fault: string | undefined;
}

function ImagePanel({ kind, draft, onChange, image, index, refusal, isTried, fault }: ImageProps) {
  const { t } = useTranslation();
  const change = (part: Partial<ImageDraft>): void => {
    onChange({ ...draft, images: draft.images.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  };
  const remove = (): void => onChange({ ...draft, images: draft.images.filter((_, at) => at !== index) });
  const isSingle = draft.images.length === 1;
  const taken = draft.images.filter((_, at) => at !== index).flatMap(({ target }) => target ?? []);
  return (
    <Panel
      {...(isSingle ? {} : { title: t('wizard.configure.image', { number: index + 1 }) })}
      actions={
        index > 0 && (
          <Button variant="text" theme="danger" onClick={remove}>
            {t('wizard.configure.removeImage')}
          </Button>
        )
      }
    >
      <SourceFields
        id={`image-${index}`}
        draft={image.source}
        onChange={(source) => change({ source })}
        areErrorsShown={isTried}
        refused={fieldError(refusal, `/images/${index}/source/link`)}
      />
      <TargetPicker
        id={`image-${index}-target`}
        what={isOntoInstance(kind, index) ? 'instance' : 'volume'}
        label={
          kind === 'instance' && index > 0 ? t('wizard.configure.extraTarget') : t(`wizard.configure.target.${kind}`)
        }
        chosen={image.target}
        taken={taken}
        onChoose={(target) => change({ target })}
        fault={fault}
      />
      <ImageOptions id={`image-${index}`} image={image} onChange={change} />
    </Panel>
  );
}
