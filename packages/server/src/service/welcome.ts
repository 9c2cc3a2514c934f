import type { Access } from '../access/access.ts';

/** Says where it is and, on a terminal's screen or in a log's last lines, how to come in: a link that is worth one sign-in. */
export async function welcome(access: Access, address: string): Promise<void> {
  const admin = (await access.listUsers()).find(({ role, disabled }) => role === 'admin' && !disabled);
  const { code } = await access.createSignInLink(admin?.id ?? 'admin');
  process.stdout.write(
    [`Diskferry is at ${address}`, `Sign in once, within 15 minutes: ${address}/sign-in#${code}`, ''].join('\n'),
  );
}
