import { describeContent } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { HALF_WAY, THE_REST } from '../../testing/lives.ts';
import { dataRequest, sampleImage, sampleRequest } from '../../testing/requests.ts';
import { advance } from './advance.ts';
import { ServiceError } from '../base/errors.ts';
import type { MigrationEvent } from './event.ts';
import type { Migration } from './migration.ts';
import { newMigration } from './new-migration.ts';
import { progressOf, retryGoesOn } from './progress.ts';
import type { MigrationRequest } from './request.ts';

const by = 'ann';
const STILL_THERE = { identity: 'etag-b', size: 500 };

function start(request: MigrationRequest = sampleRequest()): Migration {
  return newMigration({ kind: 'created', id: 'm-1', createdAt: 1000, request });
}

function after(events: readonly MigrationEvent[], from = start()): Migration {
  return events.reduce(advance, from);
}

function disks({ images }: Migration): string[] {
  return images.map(({ content }) => describeContent(content));
}

describe('a migration', () => {
  it('goes through its stages and succeeds', () => {
    const half = after(HALF_WAY);
    expect(half.standing).toEqual({ state: 'transferring' });
    expect(half.locks).toEqual(['instance:i-1', 'volume:i-1-vol-0', 'volume:i-1-vol-1']);
    expect(progressOf(half)).toEqual({ done: 610, total: 1500, share: 610 / 1500 });
    const done = after(THE_REST, half);
    expect(done).toMatchObject({ standing: { state: 'succeeded' }, locks: [], worker: null, version: 14 });
    expect(disks(done)).toEqual(['completely written and verified', 'completely written and verified']);
    expect(retryGoesOn(done)).toBeUndefined();
  });

  it('leaves out what nobody asked for', () => {
    const [taken, locked, , , ...writing] = HALF_WAY as [MigrationEvent, MigrationEvent, ...MigrationEvent[]];
    const images = [{ identity: 'a', size: 1000 }];
    const checked: MigrationEvent = { kind: 'checked', instanceRuns: false, images };
    const plain = start(dataRequest('plain', { verify: 'none' }));
    const landed: readonly MigrationEvent[] = [{ kind: 'landed', image: 0 }, { kind: 'transferred' }];
    expect(after([taken, locked, checked, ...writing, ...landed], plain).standing.state).toBe('succeeded');
  });

  it('waits for its start time', () => {
    const timed = start(sampleRequest({ options: { notBefore: 5000 } }));
    expect(timed.standing).toEqual({ state: 'waiting', for: 'start-time', detail: null, returnsTo: 'checking' });
    expect(after([{ kind: 'taken', worker: 'w1' }], timed).standing.state).toBe('checking');
  });

  it('is taken over in its middle, and the log says by whom', () => {
    expect(after([{ kind: 'taken', worker: 'w2' }], after(HALF_WAY))).toMatchObject({
      worker: 'w2',
      standing: { state: 'transferring' },
    });
  });
});

describe('a pause', () => {
  it('is confirmed by the worker, and goes back to where it was through a free worker', () => {
    const asked = after([...HALF_WAY, { kind: 'pause-asked', by }]);
    expect(asked).toMatchObject({ asked: 'pause', standing: { state: 'transferring' } });
    const paused = after([{ kind: 'paused' }], asked);
    expect(paused.standing).toEqual({ state: 'paused', resumesTo: 'worker', returnsTo: 'transferring' });
    expect(paused.locks).toHaveLength(3);
    const resumed = after([{ kind: 'resume-asked', by }], paused);
    expect(resumed.standing).toMatchObject({ state: 'waiting', for: 'worker', returnsTo: 'transferring' });
    expect(after([{ kind: 'taken', worker: 'w2' }], resumed).standing.state).toBe('transferring');
  });

  it('does not outdo a cancel that was asked before', () => {
    const both: readonly MigrationEvent[] = [
      { kind: 'cancel-asked', by },
      { kind: 'pause-asked', by },
    ];
    expect(after([...HALF_WAY, ...both]).asked).toBe('cancel');
  });

  it('is there at once where nobody works, and remembers what was waited for', () => {
    const waits: MigrationEvent = { kind: 'wait-began', for: 'link', detail: 'expired' };
    const paused = after([...HALF_WAY, waits, { kind: 'pause-asked', by }]);
    expect(paused.standing).toEqual({ state: 'paused', resumesTo: 'link', returnsTo: 'transferring' });
    expect(after([{ kind: 'resume-asked', by }], paused).standing).toMatchObject({ state: 'waiting', for: 'link' });
    const replaced = after([newLink(0), { kind: 'resume-asked', by }], paused);
    expect(replaced.standing).toMatchObject({ state: 'waiting', for: 'worker' });
  });

  it.each([
    ['pause-asked', { state: 'paused', resumesTo: 'link', returnsTo: 'transferring' }],
    ['cancel-asked', { state: 'cancelled', goesOn: true }],
  ] as const)('that was asked for (%s) is not lost where the worker gives up meanwhile', (kind, standing) => {
    const waits: MigrationEvent = { kind: 'wait-began', for: 'link', detail: null };
    expect(after([...HALF_WAY, { kind, by }, waits]).standing).toEqual(standing);
  });

  it.each([
    ['stopping', 'pause-asked', HALF_WAY.slice(0, 2), HALF_WAY.slice(2, 3)],
    ['stopping', 'cancel-asked', HALF_WAY.slice(0, 2), HALF_WAY.slice(2, 3)],
    ['starting', 'pause-asked', [...HALF_WAY, ...THE_REST.slice(0, 5)], THE_REST.slice(5, 6)],
    ['starting', 'cancel-asked', [...HALF_WAY, ...THE_REST.slice(0, 5)], THE_REST.slice(5, 6)],
  ] as const)('comes before %s, which is not broken off (%s)', (stage, kind, before, event) => {
    const { standing, locks, worker } = after([...before, { kind, by }, ...event]);
    const isPaused = kind === 'pause-asked';
    expect({ standing, worker }).toEqual({
      standing: isPaused
        ? { state: 'paused', resumesTo: 'worker', returnsTo: stage }
        : { state: 'cancelled', goesOn: stage === 'starting' },
      worker: null,
    });
    expect(locks).toHaveLength(isPaused ? 3 : 0);
  });

  it('that nobody asked for does not fit', () => {
    expect(() => after([...HALF_WAY, { kind: 'paused' }])).toThrow('nobody asked to pause');
  });
});

describe('an expired link', () => {
  const waits: MigrationEvent = { kind: 'wait-began', for: 'link', detail: 'image 0: 403' };

  it('is waited for, and the new one is checked and goes on from where it stood', () => {
    const waiting = after([...HALF_WAY, waits]);
    expect(() => after([{ kind: 'resume-asked', by }], waiting)).toThrow('replace the link');
    const replaced = after([newLink(0)], waiting);
    expect(replaced.standing).toMatchObject({ state: 'waiting', for: 'worker', returnsTo: 'checking' });
    expect(replaced.images[0]?.source).toMatchObject({ link: 'https://images.example/new', credentials: 'key-2' });
    const goingOn = after(foundAgain('etag-a'), replaced);
    expect(goingOn.standing.state).toBe('transferring');
    expect(disks(goingOn)[0]).toContain('61 %');
  });

  it('is not replaced by one of another object, nor for an image that is not there', () => {
    const replaced = after([...HALF_WAY, waits, newLink(0)]);
    expect(() => after(foundAgain('etag-x'), replaced)).toThrow('another object (etag-x)');
    expect(() => after([...HALF_WAY, waits, newLink(2)])).toThrow('no image 2');
  });

  it('does not end a wait for something else', () => {
    const forPerson: MigrationEvent = { kind: 'wait-began', for: 'person', detail: 'a warning' };
    const replaced = after([...HALF_WAY, forPerson, newLink(0)]);
    expect(replaced.standing).toEqual({ state: 'waiting', for: 'person', detail: 'a warning', returnsTo: 'checking' });
  });
});

describe('the end of a migration', () => {
  it.each([
    [true, 'partly written: 61 %; the old content is gone', 610],
    [false, 'partly written: 0 %; the old content is gone', 0],
  ])('by a failure says what the disk holds, and whether a retry goes on: %s', (goesOn, sentence, done) => {
    const failed = after([...HALF_WAY, { kind: 'failed', code: 'io', message: 'no route', goesOn }]);
    expect(failed).toMatchObject({ locks: [], worker: null, standing: { state: 'failed', code: 'io' } });
    expect(disks(failed)).toEqual([
      'partly written: 61 %; the old content is gone',
      'untouched: the old content is still there',
    ]);
    expect(retryGoesOn(failed)).toBe(goesOn);
    const again = after([{ kind: 'retry-asked', by }], failed);
    expect(again.standing.state).toBe('queued');
    expect(disks(again)[0]).toBe(sentence);
    expect(progressOf(again).done).toBe(done);
  });

  it('by a cancel waits for the worker, and untouched disks are said to be untouched', () => {
    const early = after([{ kind: 'cancel-asked', by }]);
    expect(early.standing).toEqual({ state: 'cancelled', goesOn: false });
    expect(disks(early)).toEqual(Array(2).fill('untouched: the old content is still there'));
    const late = after([...HALF_WAY, { kind: 'cancel-asked', by }]);
    expect(late.standing.state).toBe('transferring');
    expect(after([{ kind: 'cancelled', goesOn: true }], late).standing).toEqual({ state: 'cancelled', goesOn: true });
  });

  it('is not undone by anything but a retry', () => {
    const failed = after([...HALF_WAY, { kind: 'failed', code: 'io', message: 'gone', goesOn: true }]);
    const refused = () => after([newLink(0)], failed);
    expect(refused).toThrow(ServiceError);
    expect(refused).toThrow(expect.objectContaining({ code: 'action-refused', refusal: 'already-failed' }));
  });
});

describe('another object', () => {
  const again: readonly MigrationEvent[] = HALF_WAY.slice(0, 2);
  const other: MigrationEvent = {
    kind: 'checked',
    instanceRuns: false,
    images: [
      { identity: 'etag-x', size: 2000 },
      { identity: 'etag-b', size: 500 },
    ],
  };
  const retried = (goesOn: boolean) =>
    after([...HALF_WAY, { kind: 'failed', code: 'io', message: 'x', goesOn }, { kind: 'retry-asked', by }, ...again]);

  it('is never mixed into a disk that goes on', () => {
    expect(() => after([other], retried(true))).toThrow('another object (etag-x) lies where etag-a was');
  });

  it('is taken where everything is written again', () => {
    expect(after([other], retried(false)).images[0]).toMatchObject({
      identity: 'etag-x',
      content: { kind: 'partly', bytes: 0, of: 2000 },
    });
  });
});

describe('newMigration()', () => {
  it.each([
    ['without a name', sampleRequest({ name: ' ' }), 'needs a name'],
    ['without images', sampleRequest({ images: [] }), 'at least one image'],
    ['twice onto one volume', sampleRequest({ images: [sampleImage(0), sampleImage(0)] }), 'volume i-1-vol-0'],
    ['onto two instances', sampleRequest({ images: [sampleImage(0), sampleImage(1, 'i-2')] }), 'one instance'],
    ['onto no instance', sampleRequest({ images: [sampleImage(0, null)] }), 'one instance'],
    ['that starts nothing', dataRequest('x', { startAfterwards: true }), 'only an instance migration'],
    ['without bandwidth', sampleRequest({ options: { bandwidth: 0 } }), 'bandwidth is 0'],
    ['of half a priority', sampleRequest({ options: { priority: 0.5 } }), 'priority is 0.5'],
  ])('refuses one %s', (_what, request, message) => {
    expect(() => start(request)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
    expect(() => start(request)).toThrow(message);
  });
});

describe('what a worker says', () => {
  it('is refused where it does not fit', () => {
    expect(checkedAs(1)).toThrow('1 images were checked and there are 2');
    expect(checkedAs(2, true, { runningInstance: 'refuse' })).toThrow('the instance runs');
    expect(() => after([...HALF_WAY.slice(0, 1), ...HALF_WAY.slice(2, 3)])).toThrow('nothing is locked');
    expect(() => after([...HALF_WAY, { kind: 'progressed', image: 0, bytes: 609 }])).toThrow('from 610 to 1000');
    expect(() => after([...HALF_WAY, { kind: 'progressed', image: 0, bytes: 1001 }])).toThrow('from 610 to 1000');
    expect(() => after([...HALF_WAY, { kind: 'progressed', image: 1, bytes: 1 }])).toThrow('its disk is untouched');
    expect(() => after([...HALF_WAY, { kind: 'transferred' }])).toThrow('image 0 has not landed');
    expect(() => after([{ kind: 'locked' }])).toThrow('it is queued');
  });
});

describe('a disk whose size only the end of its stream tells', () => {
  const began: readonly MigrationEvent[] = [
    { kind: 'taken', worker: 'w1' },
    { kind: 'locked' },
    { kind: 'checked', instanceRuns: false, images: [{ identity: 'a', size: null }] },
    { kind: 'write-began', image: 0, upTo: 4000 },
    { kind: 'progressed', image: 0, bytes: 3000 },
  ];
  const plain = start(dataRequest('x'));

  it('has a share of the volume until it has landed, and then its own size', () => {
    expect(after(began, plain).images[0]).toMatchObject({ size: null, content: { kind: 'partly', of: 4000 } });
    const landed = after([...began, { kind: 'landed', image: 0, size: 3500 }], plain);
    expect(landed.images[0]).toMatchObject({ size: 3500, content: { kind: 'complete', of: 3500 } });
  });

  it('goes on after another check that does not know it either', () => {
    const again = after([...began, { kind: 'wait-began', for: 'link', detail: null }, newLink(0)], plain);
    const checked = after([{ kind: 'taken', worker: 'w2' }, began[2] as MigrationEvent], again);
    expect(checked.images[0]).toMatchObject({ size: null, content: { kind: 'partly', bytes: 3000, of: 4000 } });
  });

  it('is refused without a size, and with one that cannot be', () => {
    expect(() => after([...began, { kind: 'landed', image: 0 }], plain)).toThrow('its size is undefined');
    expect(() => after([...began, { kind: 'landed', image: 0, size: 2999 }], plain)).toThrow('its size is 2999');
  });
});

describe('what the last check found', () => {
  const checks = [
    { code: 'link', verdict: 'block', image: 0, title: 'The link', evidence: '403', remedy: 'A new one.' },
  ] as const;

  it('is kept, also where it stands in the way', () => {
    const checking = HALF_WAY.slice(0, 2);
    expect(after(checking).checks).toEqual([]);
    expect(after([...checking, { kind: 'wait-began', for: 'link', detail: 'x', checks }]).checks).toEqual(checks);
    expect(after([...checking, { ...HALF_WAY[2], checks } as MigrationEvent]).checks).toEqual(checks);
  });
});

function newLink(image: number): MigrationEvent {
  return { kind: 'link-replaced', image, link: 'https://images.example/new', credentials: 'key-2', by };
}

function checkedAs(images: number, instanceRuns = false, options = {}) {
  const found = Array.from({ length: images }, () => ({ identity: 'a', size: 10 }));
  const event: MigrationEvent = { kind: 'checked', instanceRuns, images: found };
  return () => after([...HALF_WAY.slice(0, 2), event], start(sampleRequest({ options })));
}

/** What the next worker says of the object behind a new link. */
function foundAgain(identity: string): readonly MigrationEvent[] {
  return [
    { kind: 'taken', worker: 'w2' },
    { kind: 'checked', instanceRuns: false, images: [{ identity, size: 1000 }, STILL_THERE] },
  ];
}
