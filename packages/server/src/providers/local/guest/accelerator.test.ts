import { describe, expect, it } from 'vitest';
import { QEMU } from '../../../../testing/local-scene.ts';
import { boots, isKvmPlausible, MARK } from './accelerator.ts';
import { bootSector } from './boot-sector.ts';

const flags = (names: string): string => `processor\t: 0\nflags\t\t: fpu ${names} sse2\nvmx flags\t: vnmi ept\n`;

describe('isKvmPlausible()', () => {
  it.each([
    ['a processor of Intel', flags('vmx'), false, true],
    ['a processor of AMD', flags('svm'), false, true],
    ['a processor without virtualisation', flags('avx'), false, false],
    ['a processor whose flags only look alike', flags('vmxnet svm_lock'), false, false],
    ['PVM, which hangs stock kernels', flags('vmx'), true, false],
    ['nothing known', '', false, false],
  ])('judges %s', (_what, cpuinfo, hasPvm, plausible) => {
    expect(isKvmPlausible({ cpuinfo, hasPvm })).toBe(plausible);
  });
});

describe.skipIf(QEMU === undefined)('boots() [needs qemu-system-x86_64]', () => {
  const machine = { qemu: QEMU ?? '', accelerator: 'tcg' } as const;

  it('sees a machine that runs', async () => {
    expect(await boots({ ...machine, sector: bootSector(MARK), withinMs: 15_000 })).toBe(true);
  });

  it('gives up on one that says nothing', async () => {
    expect(await boots({ ...machine, sector: bootSector('something else'), withinMs: 2000 })).toBe(false);
  });
});

it('a program that is not there boots nothing', async () => {
  expect(await boots({ qemu: '/nowhere/qemu', accelerator: 'tcg', sector: bootSector(MARK) })).toBe(false);
});
