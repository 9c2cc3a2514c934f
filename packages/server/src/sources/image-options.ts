import {
  DiskferryError,
  parseChecksum,
  type Checksum,
  type FormatName,
  type OpenImageOptions,
} from '@diskferry/engine';
import { ServiceError } from '../base/errors.ts';
import type { ImageSource } from '../migrations/migration.ts';

/** The formats that may be declared; `vpc` is qemu's name of VHD. */
const FORMATS: Readonly<Record<string, FormatName>> = {
  raw: 'raw',
  qcow2: 'qcow2',
  vhd: 'vhd',
  vpc: 'vhd',
  vmdk: 'vmdk',
  vhdx: 'vhdx',
  vdi: 'vdi',
};

/**
 * How the image of a source is opened, the same way whoever opens it: what a checkpoint is bound to depends on it.
 * @throws ServiceError `invalid-request`
 */
export function imageOptions(source: ImageSource): OpenImageOptions {
  const { format, member, checksum } = source;
  return {
    ...(format === null ? {} : { format: declaredFormat(format) }),
    ...(member === null ? {} : { member }),
    inOrder: checksum !== null,
  };
}

/** @throws ServiceError `invalid-request` */
export function declaredFormat(text: string): FormatName {
  const name = text.toLowerCase();
  const found = Object.hasOwn(FORMATS, name) ? FORMATS[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(FORMATS).join(', ');
  throw new ServiceError('invalid-request', `the format ${JSON.stringify(text.slice(0, 40))} is not known: ${known}`);
}

/** @throws ServiceError `invalid-request` */
export function declaredChecksum(text: string): Checksum {
  try {
    return parseChecksum(text);
  } catch (error) {
    if (error instanceof DiskferryError) throw new ServiceError('invalid-request', error.message);
    throw error;
  }
}
