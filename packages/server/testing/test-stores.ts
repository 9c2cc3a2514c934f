import { join } from 'node:path';
import { openStores } from '../src/store/open-stores.ts';
import type { Stores } from '../src/store/stores.ts';
import { TEST_KEY } from './test-key.ts';

/** All that the service keeps, in a file in this folder. */
export function testStores(folder: string): Promise<Stores> {
  return openStores(join(folder, 'store.sqlite'), { secretKey: TEST_KEY });
}
