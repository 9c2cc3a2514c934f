import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { makeTar } from '../../packages/engine/testing/tar-maker.ts';
import { dynamicVhd } from '../../packages/engine/testing/vhd-image.ts';
import { streamVmdk } from '../../packages/engine/testing/vmdk-image.ts';
import { bootSector } from '../../packages/server/src/providers/local/guest/boot-sector.ts';
import { makeMiniGuest } from '../../packages/server/testing/guests/make-mini-guest.ts';
import { MARK } from '../../packages/server/testing/guests/mini-guest.ts';
import { missingForGuests } from '../../packages/server/testing/guests/guest-needs.ts';
import { makeSample } from '../example/sample-image.ts';
import { say } from './say.ts';

const MiB = 2 ** 20;
const VHD_BLOCK = 2 * MiB;
const VHD_BLOCKS = 32;

export interface SampleImage {
  readonly name: string;
  readonly content: Uint8Array;
  /** Of the virtual disk. */
  readonly size: number;
}

export interface Samples {
  readonly system: SampleImage & {
    /** What the guest says on its serial console when it is up. */
    readonly mark: string;
  };
  readonly data: readonly SampleImage[];
}

/** A system disk as VMDK in a `.tar.gz`, and data disks as qcow2 in a `.tar.gz` and as VHD in a `.gz`. */
export async function makeSamples(folder: string): Promise<Samples> {
  const { disk, mark } = await systemDisk(folder);
  const { image } = { image: streamVmdk(disk).bytes };
  const system = { name: 'web.tar.gz', content: packed('web.vmdk', image), size: disk.length, mark };
  const qcow2 = makeSample();
  const vhd = vhdImage();
  return {
    system,
    data: [
      { name: 'mail.qcow2.tar.gz', content: qcow2.packed, size: qcow2.virtualSize },
      { name: 'files.vhd.gz', content: gzipSync(vhd, { level: 1 }), size: VHD_BLOCKS * VHD_BLOCK },
    ],
  };
}

/** A small Linux where the tools for one are there; otherwise a boot sector that says a line. */
async function systemDisk(folder: string): Promise<{ disk: Uint8Array; mark: string }> {
  const missing = await missingForGuests({ firmware: 'bios' });
  if (missing.length === 0) {
    const path = await makeMiniGuest({ folder, name: 'web', firmware: 'bios' });
    return { disk: await readFile(path), mark: MARK };
  }
  say(
    `For a Linux as the guest these are missing:\n  ${missing.join('\n  ')}\nA disk with a boot sector takes its place.`,
  );
  const mark = 'Hello from the new disk';
  const disk = new Uint8Array(64 * MiB);
  disk.set(seededBytes(7, 8 * MiB), 16 * MiB);
  disk.set(bootSector(`${mark}\r\nweb login: `, 'wait for the power button'));
  return { disk, mark };
}

/** A quarter of its blocks have content. */
function vhdImage(): Uint8Array {
  const blocks = Array.from({ length: VHD_BLOCKS }, (_, index) => {
    return index % 4 === 0 ? seededBytes(index + 1, VHD_BLOCK) : undefined;
  });
  return dynamicVhd({ size: VHD_BLOCKS * VHD_BLOCK, blocks, blockSize: VHD_BLOCK });
}

function packed(name: string, content: Uint8Array): Uint8Array {
  return gzipSync(makeTar([{ name, content }]), { level: 1 });
}
