import { randomUUID } from 'node:crypto';
import { ServiceError } from '../base/errors.ts';
import type { SealedRecords } from './sealed-records.ts';
import type { SecretBox } from './secret-box.ts';
import type { SecretStore } from './secret.ts';

export function secretStore(records: SealedRecords, box: SecretBox): SecretStore {
  return {
    async seal(secret) {
      const id = randomUUID();
      await records.add(box.seal(id, secret));
      return id;
    },

    async open(id) {
      const sealed = await records.find(id);
      if (sealed) return box.open(sealed);
      throw new ServiceError('secret-unreadable', `there are no credentials ${id} any more`);
    },

    forget: (id) => records.delete(id),
  };
}
