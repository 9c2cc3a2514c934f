import { u16le, u32le } from '../../../base/endian.ts';
import type { Filesystem } from '../../filesystem/filesystem.ts';
import { hasText } from '../../filesystem/signature/content.ts';
import type { Fact } from '../../report.ts';

const MACHINES: Readonly<Record<number, string>> = { 0x8664: 'x86_64', 0x14c: 'i386', 0xaa64: 'aarch64' };
const KERNEL = '/Windows/System32/ntoskrnl.exe';
const MEMORY = '/hiberfil.sys';

/** By the kernel's own head. */
export async function readMachine(files: Filesystem): Promise<Fact<string>> {
  const file = await files.open(KERNEL);
  if (!file) {
    const isPacked = (await files.lookup(KERNEL))?.kind === 'other';
    return { unknown: isPacked ? `${KERNEL} is packed by CompactOS, which is not read` : `there is no ${KERNEL}` };
  }
  const head = new Uint8Array(Math.min(4096, file.size));
  await file.read(0, head);
  const at = head.length >= 64 && hasText(head, 0, 'MZ') ? u32le(head, 60) : head.length;
  if (at + 6 > head.length || !hasText(head, at, 'PE\0\0')) return { unknown: `${KERNEL} is no program` };
  const machine = MACHINES[u16le(head, at + 4)];
  return machine ? { value: machine, from: KERNEL } : { unknown: `a kernel for machine ${u16le(head, at + 4)}` };
}

/** The memory of a system that sleeps, by hibernation or Fast Startup: awake it overwrites the mark. */
export async function readHibernated(files: Filesystem): Promise<Fact<boolean>> {
  const file = await files.open(MEMORY);
  if (!file || file.size < 4) return { value: false, from: MEMORY };
  const mark = new Uint8Array(4);
  await file.read(0, mark);
  return { value: hasText(mark, 0, 'HIBR') || hasText(mark, 0, 'hibr'), from: MEMORY };
}
