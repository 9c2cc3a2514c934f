import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';

interface Props {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame of every page: its title, what it is about, what can be begun here. */
export function Page({ title, about, actions, children }: Props) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{title}</h1>
          {about !== undefined && <p className="quiet">{about}</p>}
        </div>
        {actions !== undefined && <div className="row">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export function Panel({ title, actions, children }: { title?: string; actions?: ReactNode; children: ReactNode }) {
  const hasActions = actions !== undefined && actions !== false;
  return (
    <section className="panel" aria-label={title}>
      {(title !== undefined || hasActions) && (
        <header className="panel-head">
          {title !== undefined && <h2>{title}</h2>}
          {hasActions && <div className="row">{actions}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

export function Empty({ title, help, children }: { title: string; help?: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <img src="/mark.svg" alt="" width="48" height="48" />
      <h2>{title}</h2>
      {help !== undefined && <p className="quiet">{help}</p>}
      {children}
    </div>
  );
}
