import { expect, it } from 'vitest';
import { ServiceError } from '../../base/errors.ts';
import type { SecretStore } from '../../secrets/secret.ts';
import { whileSealed } from './sealed.ts';

function counted() {
  const kept = new Set<string>();
  const store: SecretStore = {
    seal: async ({ accessKeyId = '' }) => (kept.add(accessKeyId), accessKeyId),
    open: async (id) => ({ accessKeyId: id }),
    forget: async (id) => void kept.delete(id),
  };
  return { store, kept };
}

const SECRETS = [{ accessKeyId: 'a' }, null, { accessKeyId: 'b' }];

it('gives the names of what was sealed, and forgets what was sealed in vain', async () => {
  const { store, kept } = counted();
  expect(await whileSealed(store, SECRETS, async (names) => names)).toEqual(['a', null, 'b']);
  expect([...kept]).toEqual(['a', 'b']);
  const refused = new ServiceError('idempotency-conflict', 'x');
  await expect(whileSealed(store, SECRETS, () => Promise.reject(refused))).rejects.toBe(refused);
  expect([...kept]).toEqual([]);
});

it('forgets nothing where the answer of the database was lost: what was asked for may be done', async () => {
  const { store, kept } = counted();
  const lost = new ServiceError('store-unavailable', 'Connection terminated');
  await expect(whileSealed(store, SECRETS, () => Promise.reject(lost))).rejects.toBe(lost);
  expect([...kept]).toEqual(['a', 'b']);
});
