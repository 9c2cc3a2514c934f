import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { answered, type Schemas, service } from '../service/service.ts';
import { CopiedText } from '../ui/copied-text.tsx';
import { Modal } from '../ui/modal.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';

/** Made when it is asked for; shown this once. */
export function SignInLink({ user, onClose }: { readonly user: Schemas['User']; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const query = useQuery({
    queryKey: ['sign-in-link', user.id],
    queryFn: () => answered(service.POST('/api/v1/users/{id}/sign-in-link', { params: { path: { id: user.id } } })),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  return (
    <Modal title={t('users.linkTitle', { name: user.name })} onClose={onClose}>
      <Queried query={query}>
        {({ code, expiresAt }) => (
          <>
            <CopiedText text={`${window.location.origin}/sign-in#${code}`} label={t('users.link')} />
            <p className="quiet">{t('users.linkHelp', { time: dateTime(expiresAt) })}</p>
          </>
        )}
      </Queried>
    </Modal>
  );
}
