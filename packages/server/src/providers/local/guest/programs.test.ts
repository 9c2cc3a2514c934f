import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localFolder } from '../../../../testing/local-scene.ts';
import { findFirmware, findQemu } from './programs.ts';

describe('what runs instances', () => {
  it('is found in the folders of the path, where it may be run', async () => {
    const [empty, folder] = [await localFolder(), await localFolder()];
    const program = join(folder, 'qemu-system-x86_64');
    await writeFile(program, '');
    const missing = {
      code: 'hypervisor-missing',
      hint: expect.stringContaining('apt-get install qemu-system-x86 ovmf'),
    };
    await expect(findQemu(`${empty}:${folder}`)).rejects.toMatchObject(missing);
    await chmod(program, 0o755);
    expect(await findQemu(`${empty}:${folder}`)).toBe(program);
    await expect(findQemu('.:')).rejects.toMatchObject(missing);
  });

  it('has a firmware for UEFI where code and memory are there', async () => {
    const folder = await localFolder();
    const firmware = { code: join(folder, 'code'), vars: join(folder, 'vars') };
    await writeFile(firmware.code, '');
    await expect(findFirmware([firmware])).rejects.toMatchObject({ code: 'hypervisor-missing' });
    await writeFile(firmware.vars, '');
    expect(await findFirmware([{ ...firmware, code: '/nowhere' }, firmware])).toEqual(firmware);
  });
});
