import { describe, expect, it } from 'vitest';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { IS_THOROUGH, whereThorough } from '../../../engine/testing/thorough.ts';
import { outcomeOn } from './bare-boot.ts';
import { EXPECTED_MINIS, type ExpectedMini } from './expected-minis.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import { onlyScreen, withTraits } from './traits.ts';

const missing = IS_THOROUGH ? await missingForGuests() : ['time'];
const isLong = process.env['DISKFERRY_LONG'] !== undefined;
const inEveryRun = ({ started }: ExpectedMini): boolean => started.includes('ide');
/** Here nobody looks at a screen. */
const isHeard = ({ has }: ExpectedMini): boolean => !has.includes(onlyScreen);

/** The guests of `proof.test.ts` where they came from: what is wrong at the target must not be wrong there. */
describe.skipIf(missing.length > 0)(
  `what inspection says of a disk on IDE comes true there ${whereThorough(GUESTS_NEED)}`,
  async () => {
    const folder = await tempFolder();

    async function comesTrue({ guest, has, ide }: ExpectedMini): Promise<void> {
      const disk = await makeMiniGuest(withTraits({ folder, ...guest }, ...has));
      const { verdict, reached, evidence } = await outcomeOn({ disk, firmware: guest.firmware, bus: 'ide' });
      expect([verdict, reached], evidence.join('\n')).toEqual(ide.outcome);
    }

    it.each(EXPECTED_MINIS.filter(inEveryRun))('$what: $ide.outcome', comesTrue, 180_000);
    const others = EXPECTED_MINIS.filter((expected) => !inEveryRun(expected) && isHeard(expected));
    it.runIf(isLong).each(others)('$what: $ide.outcome [only with DISKFERRY_LONG]', comesTrue, 180_000);
  },
);
