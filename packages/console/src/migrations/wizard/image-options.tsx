import { Checkbox } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { ChoiceField, TextField } from '../../ui/field.tsx';
import { understandLink } from '../link.ts';
import type { ImageDraft } from './draft.ts';

const FORMATS = ['raw', 'qcow2', 'vhd', 'vmdk', 'vhdx', 'vdi'] as const;
const LABELS: Readonly<Record<string, string>> = { vhd: 'VHD (vpc)', vmdk: 'VMDK', vhdx: 'VHDX', vdi: 'VDI' };

interface Props {
  readonly id: string;
  readonly image: ImageDraft;
  readonly onChange: (part: Partial<ImageDraft>) => void;
}

/** What is found out by itself nearly always: folded away. */
export function ImageOptions({ id, image, onChange }: Props) {
  const { t } = useTranslation();
  const kind = understandLink(image.source.link)?.kind;
  const isStore = kind === 's3' || kind === 'cos';
  const formats = FORMATS.map((format) => [format, LABELS[format] ?? format] as const);
  return (
    <details className="options">
      <summary>{t('wizard.configure.imageOptions')}</summary>
      <div className="grid">
        <ChoiceField
          id={`${id}-format`}
          label={t('wizard.configure.format')}
          value={image.format}
          choices={[['', t('wizard.configure.formatAuto')], ...formats]}
          onChange={(format) => onChange({ format })}
        />
        <TextField
          id={`${id}-member`}
          label={t('wizard.configure.member')}
          value={image.member}
          onChange={(member) => onChange({ member })}
        />
        <TextField
          id={`${id}-checksum`}
          label={t('wizard.configure.checksum')}
          help={t('wizard.configure.checksumHelp')}
          value={image.checksum}
          onChange={(checksum) => onChange({ checksum })}
        />
        {isStore && <StoreOptions id={id} image={image} onChange={onChange} />}
      </div>
    </details>
  );
}

function StoreOptions({ id, image, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <TextField
        id={`${id}-region`}
        label={t('wizard.configure.region')}
        value={image.region}
        onChange={(region) => onChange({ region })}
      />
      <TextField
        id={`${id}-endpoint`}
        label={t('wizard.configure.endpoint')}
        value={image.endpoint}
        onChange={(endpoint) => onChange({ endpoint })}
      />
      <Checkbox checked={image.pathStyle} onChange={(pathStyle) => onChange({ pathStyle })}>
        {t('wizard.configure.pathStyle')}
      </Checkbox>
    </>
  );
}
