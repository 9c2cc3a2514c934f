import { inspectGuest, judgeGuest } from '@diskferry/engine/guest';
import { describe, expect, it } from 'vitest';
import { fileBytes } from '../../../engine/testing/file-bytes.ts';
import { tempFolder } from '../../../engine/testing/temp.ts';
import { foretold, TARGETS } from './expected.ts';
import { EXPECTED_MINIS, type ExpectedMini } from './expected-minis.ts';
import { GUESTS_NEED, missingForGuests } from './guest-needs.ts';
import { makeMiniGuest } from './make-mini-guest.ts';
import { withTraits } from './traits.ts';

const missing = await missingForGuests();

/** What `proof.test.ts` and `buses.test.ts` show by starting the guests is told here by looking at their disks. */
describe.skipIf(missing.length > 0)(`what inspection says of mini guests ${GUESTS_NEED}`, async () => {
  const folder = await tempFolder();

  it.each(EXPECTED_MINIS)('$what', async (expected: ExpectedMini) => {
    await using disk = await fileBytes(await makeMiniGuest(withTraits({ folder, ...expected.guest }, ...expected.has)));
    const report = await inspectGuest(disk);
    expect([report.nature.kind, report.warnings]).toEqual(['system', []]);
    for (const bus of ['virtio', 'ide'] as const) {
      const findings = judgeGuest(report, TARGETS[bus]).filter(({ verdict }) => verdict !== 'pass');
      expect(findings.map(({ code, verdict }) => `${verdict} ${code}`)).toEqual(expected[bus].says);
    }
  });
});

describe('the table of what is expected', () => {
  /** The one that the checks do not foretell: whether a second disk comes along as sdb is not known. */
  const unforeseen = ['second on ide'];

  it.each(EXPECTED_MINIS)('$what: what is foretold is what comes', ({ guest, virtio, ide }) => {
    for (const [bus, expectation] of Object.entries({ virtio, ide })) {
      const isForeseen = foretold(expectation) === expectation.outcome[0];
      expect(isForeseen).toBe(!unforeseen.includes(`${guest.name} on ${bus}`));
    }
  });

  it('has a name of its own for each guest', () => {
    const names = EXPECTED_MINIS.map(({ guest }) => guest.name);
    expect(new Set(names).size).toBe(names.length);
  });
});
