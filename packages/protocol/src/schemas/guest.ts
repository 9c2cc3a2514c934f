import { Type } from 'typebox';
import { GUEST_NATURES } from '../guest-summary.ts';
import { answered, nullable, oneOf } from './shapes.ts';

const told = nullable(Type.String());

const GuestSystemView = answered('GuestSystem', {
  family: oneOf(['linux', 'windows']),
  name: told,
  architecture: told,
  hostname: told,
  kernel: told,
});

const GuestVolumeView = answered('GuestVolume', {
  place: Type.String(),
  start: nullable(Type.Integer()),
  size: Type.Integer(),
  content: told,
  label: told,
  used: nullable(Type.Integer()),
});

/** What is inside an image. */
export const GuestView = answered('Guest', {
  nature: oneOf(GUEST_NATURES),
  because: Type.String(),
  system: nullable(GuestSystemView),
  startsWith: Type.Array(oneOf(['bios', 'uefi'])),
  table: oneOf(['mbr', 'gpt', 'hybrid', 'none', 'unknown']),
  volumes: Type.Array(GuestVolumeView),
  warnings: Type.Array(Type.String()),
  bytesRead: Type.Integer(),
});
