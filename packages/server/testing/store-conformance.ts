import { describe } from 'vitest';
import { claiming } from './conformance/claiming.ts';
import { creating } from './conformance/creating.ts';
import { enduring } from './conformance/enduring.ts';
import { fencing } from './conformance/fencing.ts';
import { listing } from './conformance/listing.ts';
import { locking } from './conformance/locking.ts';
import { sharing } from './conformance/sharing.ts';
import { admitting } from './conformance/admitting.ts';
import { limiting } from './conformance/limiting.ts';
import { mapping } from './conformance/mapping.ts';
import { measuring } from './conformance/measuring.ts';
import { proving } from './conformance/proving.ts';
import { recording } from './conformance/recording.ts';
import { reporting } from './conformance/reporting.ts';
import { seeing } from './conformance/seeing.ts';
import { speaking } from './conformance/speaking.ts';
import type { MakeDatabase } from './conformance/scene.ts';

/** What every store must do. A store's test is its set-up and one call of this. */
export function storeConformance(name: string, make: MakeDatabase): void {
  describe(`${name} as a store`, () => {
    creating(make);
    listing(make);
    claiming(make);
    fencing(make);
    locking(make);
    admitting(make);
    limiting(make);
    measuring(make);
    mapping(make);
    proving(make);
    recording(make);
    reporting(make);
    seeing(make);
    speaking(make);
    enduring(make);
    sharing(make);
  });
}
