import { ServiceError } from '../base/errors.ts';
import { foldCase } from '../base/fold-case.ts';
import type { TryRecords } from './access-records.ts';
import { addressKey } from './client-address.ts';
import { digestOf } from './random-secret.ts';

const WINDOW_MS = 15 * 60_000;
/** Of one name from anywhere; of one address for any names, behind which many people may sit. */
const MOST_BY_NAME = 10;
const MOST_BY_ADDRESS = 30;

/** Counts tries before they are made, so that many at once are no way around it. Right ones are taken back. */
export class SignInLimit {
  readonly #tries: TryRecords;
  readonly #clock: () => number;

  constructor(tries: TryRecords, clock: () => number) {
    this.#tries = tries;
    this.#clock = clock;
  }

  /** @throws ServiceError `too-many-tries` */
  async countAddress(from: string): Promise<void> {
    await this.#count(byAddress(from), MOST_BY_ADDRESS, 'from this address');
  }

  /** @throws ServiceError `too-many-tries` */
  async countName(name: string): Promise<void> {
    await this.#count(byName(name), MOST_BY_NAME, 'with this name');
  }

  async wasRight(from: string, name?: string): Promise<void> {
    await this.#tries.takeBack(byAddress(from));
    if (name !== undefined) await this.#tries.forget(byName(name));
  }

  async #count(who: string, most: number, what: string): Promise<void> {
    const at = this.#clock();
    const { tries, beganAt } = await this.#tries.count(who, { at, windowMs: WINDOW_MS });
    if (tries <= most) return;
    const retryAfterMs = Math.max(1000, beganAt + WINDOW_MS - at);
    const minutes = Math.ceil(retryAfterMs / 60_000);
    const message = `too many tries to sign in ${what}: wait ${minutes} min`;
    throw new ServiceError('too-many-tries', message, { retryAfterMs });
  }
}

function byAddress(from: string): string {
  return `address ${addressKey(from).replaceAll(/\p{Cc}/gu, '?')}`;
}

/** A digest: somebody may have typed a password here. */
function byName(name: string): string {
  return `name ${digestOf(foldCase(name))}`;
}
