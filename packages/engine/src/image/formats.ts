import type { ImageFormat } from './image.ts';
import { qcow2 } from './qcow2/qcow2.ts';
import { raw } from './raw/raw.ts';
import { vdi } from './vdi/vdi.ts';
import { vhd } from './vhd/vhd.ts';
import { vhdx } from './vhdx/vhdx.ts';
import { vmdk } from './vmdk/vmdk.ts';

/** Every format, in the order in which they are asked. `raw` claims nothing: it is what is left, or what is declared. */
export const FORMATS: readonly ImageFormat[] = [qcow2, vmdk, vhdx, vhd, vdi, raw];
