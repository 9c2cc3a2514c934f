import { Button } from 'tdesign-react';
import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  readonly onClose: () => void;
  /** Without, there is nothing to be confirmed. */
  readonly onConfirm?: () => void;
  readonly confirm?: string;
  readonly isDanger?: boolean;
  readonly isBusy?: boolean;
  /** There is more to be read before it can be confirmed. */
  readonly isWide?: boolean;
  readonly closeLabel?: string;
}

/** The dialog of the browser itself: it keeps the focus inside, gives it back, and closes by Escape. */
export function Modal(props: Props) {
  const {
    title,
    children,
    onClose,
    onConfirm,
    confirm,
    isDanger = false,
    isBusy = false,
    isWide = false,
    closeLabel,
  } = props;
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the effects of what is inside, which may want to know how large it is.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onConfirm?.();
  };
  return (
    <dialog
      ref={dialog}
      className={isWide ? 'modal is-wide' : 'modal'}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form onSubmit={submit} noValidate>
        <h2 id={id}>{title}</h2>
        {children}
        <footer className="row end">
          <Button theme="default" variant="outline" onClick={onClose}>
            {closeLabel ?? (onConfirm === undefined ? t('act.close') : t('act.cancel'))}
          </Button>
          {onConfirm !== undefined && (
            <Button type="submit" theme={isDanger ? 'danger' : 'primary'} loading={isBusy}>
              {confirm}
            </Button>
          )}
        </footer>
      </form>
    </dialog>
  );
}
