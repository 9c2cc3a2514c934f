import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tempFolder } from '../packages/engine/testing/temp.ts';
import { soleRun } from './sole.ts';

const folder = await tempFolder();

it('A second benchmark waits for the first, not for one that has died', async () => {
  {
    await using _first = await soleRun(folder);
    await expect(soleRun(folder)).rejects.toThrow(`process ${process.pid}`);
  }
  await writeFile(join(folder, 'running'), '4194305'); // more than Linux gives as a process id
  await using _next = await soleRun(folder);
});
