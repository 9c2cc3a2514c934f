import { ADMINISTRATION } from './administration.ts';
import { COMMON } from './common.ts';
import { GUIDES } from './guides.ts';
import { IMAGES } from './images.ts';
import { MIGRATIONS } from './migrations.ts';
import { PLACES } from './places.ts';
import { PROOF } from './proof.ts';
import { RECEIPT } from './receipt.ts';
import { WIZARD } from './wizard.ts';

export const ZH = {
  ...COMMON,
  ...MIGRATIONS,
  wizard: WIZARD,
  proof: PROOF,
  ...PLACES,
  receipt: RECEIPT,
  images: IMAGES,
  guides: GUIDES,
  ...ADMINISTRATION,
} as const;
