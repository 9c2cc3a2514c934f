import { Button } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A text to be taken along: shown whole, and copied by one click. */
export function CopiedText({ text, label }: { readonly text: string; readonly label: string }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <div className="row">
      <input
        className="input code"
        aria-label={label}
        readOnly
        value={text}
        onFocus={(event) => event.target.select()}
      />
      <Button variant="outline" theme="default" onClick={() => void copy()}>
        <span aria-live="polite">{isCopied ? t('act.copied') : t('act.copy')}</span>
      </Button>
    </div>
  );
}
