import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { KiB, MiB, alignUp } from '../src/base/align.ts';
import { type Range, endOf } from '../src/base/bytes.ts';
import type { Target } from '../src/target/target.ts';
import { seededBytes, seededRandom } from './seeded.ts';

/** A target that was opened for one test, and the way to its content that does not lead through it. */
export interface TargetUnderTest {
  readonly target: Target;
  /** What lies on the medium. Called after a flush, before and after the target is disposed. */
  content(): Promise<Uint8Array>;
  /** Removes the medium and what serves it. The target has been disposed. */
  dispose(): Promise<void>;
}

export type MakeTarget = (size: number) => Promise<TargetUnderTest>;

/** Every target must pass this. Content is never compared in a loop: `Buffer.equals` of both whole disks. */
export function targetConformance(name: string, make: MakeTarget): void {
  describe(`${name} keeps the contract of targets`, () => {
    const size = 3 * MiB + 512;
    let subject: TargetUnderTest;
    let model: Buffer;

    beforeEach(async () => {
      subject = await make(size);
      model = Buffer.from(await subject.content());
    });
    afterEach(async () => {
      await subject.target[Symbol.asyncDispose]();
      await subject.dispose();
    });

    const write = async (offset: number, bytes: Uint8Array): Promise<void> => {
      model.set(bytes, offset);
      await subject.target.write(offset, bytes);
    };
    const zero = async (range: Range, mayPunch: boolean): Promise<void> => {
      model.fill(0, range.offset, endOf(range));
      await subject.target.zero(range, { mayPunch });
    };
    const expectModel = async (): Promise<void> => {
      await subject.target.flush();
      expect(model.equals(await subject.content())).toBe(true);
      if (subject.target.readBack !== undefined) expect(model.equals(await readAll(subject.target))).toBe(true);
    };

    it('tells its size and traits', () => {
      const { target } = subject;
      expect(target.size).toBe(size);
      expect(model.length).toBe(size);
      expect(target.label).not.toBe('');
      expect(target.identity).toContain(String(size));
      const { align, preferred, writers } = target.traits;
      expect(Number.isInteger(Math.log2(align))).toBe(true);
      expect(preferred % align).toBe(0);
      expect(writers).toBeGreaterThan(0);
    });

    it('starts zeroed only if it reads as zeros', () => {
      if (subject.target.traits.startsZeroed) expect(model.equals(Buffer.alloc(size))).toBe(true);
    });

    it('writes at odd multiples of its alignment', async () => {
      const { align } = subject.target.traits;
      await write(align, contentOf(1, align));
      await write(37 * align, contentOf(2, 3 * align));
      await write(alignUp(MiB, align) - align, contentOf(3, 2 * alignUp(64 * KiB, align) + align));
      await write(0, contentOf(4, 7 * align));
      await expectModel();
    });

    it('writes the whole of itself in one call', async () => {
      await write(0, contentOf(5, size));
      await expectModel();
    });

    it('writes its tail', async () => {
      const { align } = subject.target.traits;
      const offset = size - (size % (4 * KiB) || 4 * KiB);
      await write(offset - (offset % align), contentOf(6, size - (offset - (offset % align))));
      await expectModel();
    });

    it('takes several writers at once', async () => {
      const { align } = subject.target.traits;
      const piece = alignUp(96 * KiB, align);
      const places = Array.from({ length: Math.floor(size / piece) }, (_, index) => index * piece);
      await Promise.all(places.map((offset, index) => write(offset, contentOf(10 + index, piece))));
      await expectModel();
    });

    it('does not keep the buffer of a write', async () => {
      const { align } = subject.target.traits;
      const bytes = contentOf(7, alignUp(64 * KiB, align));
      await write(0, bytes);
      bytes.fill(0xee);
      await expectModel();
    });

    for (const mayPunch of [true, false]) {
      const how = mayPunch ? 'with' : 'without';
      it(`makes data read as zeros, ${how} the permission to punch`, async () => {
        await write(0, contentOf(8, size));
        await zero({ offset: 0, length: MiB }, mayPunch);
        await zero({ offset: 2 * MiB, length: size - 2 * MiB }, mayPunch);
        await expectModel();
      });

      it(`zeroes a range that is aligned to nothing but its alignment, ${how} the permission to punch`, async () => {
        const { align } = subject.target.traits;
        await write(0, contentOf(9, size));
        await zero({ offset: 3 * align, length: 5 * align }, mayPunch);
        await zero({ offset: 99 * align, length: alignUp(MiB + 5000, align) }, mayPunch);
        await expectModel();
        await zero({ offset: 0, length: size }, mayPunch);
        await expectModel();
      });

      it(`writes again over what it zeroed, ${how} the permission to punch`, async () => {
        await write(0, contentOf(11, size));
        await zero({ offset: 0, length: size }, mayPunch);
        await write(MiB, contentOf(12, 512 * KiB));
        await expectModel();
      });
    }

    it('does nothing where nothing is asked', async () => {
      await write(0, contentOf(13, MiB));
      await subject.target.write(MiB, new Uint8Array(0));
      await subject.target.zero({ offset: 0, length: 0 }, { mayPunch: true });
      await expectModel();
    });

    it('reads back at any offset and length', async () => {
      const { readBack } = subject.target;
      if (readBack === undefined) return;
      await write(0, contentOf(14, size));
      await subject.target.flush();
      const random = seededRandom(15);
      for (let turn = 0; turn < 20; turn++) {
        const offset = Math.floor(random() * size);
        const into = Buffer.alloc(Math.floor(random() * Math.min(300 * KiB, size - offset)));
        await readBack.read(offset, into);
        expect(into.equals(model.subarray(offset, offset + into.length))).toBe(true);
      }
      const last = Buffer.alloc(1);
      await readBack.read(size - 1, last);
      expect(last[0]).toBe(model[size - 1]);
    });

    it('refuses what leaves its size, or its alignment, and touches nothing', async () => {
      const { target } = subject;
      const { align } = target.traits;
      const fault = { code: 'internal' };
      const bytes = new Uint8Array(alignUp(8192, align)).fill(1);
      const lastFit = size - (size % align) - bytes.length;
      for (const offset of [size, lastFit + align, -align, 2 ** 53, Number.NaN, 0.5]) {
        await expect(target.write(offset, bytes)).rejects.toMatchObject(fault);
        await expect(target.zero({ offset, length: bytes.length }, { mayPunch: true })).rejects.toMatchObject(fault);
        await expect(target.readBack?.read(offset, bytes) ?? Promise.reject(fault)).rejects.toMatchObject(fault);
      }
      await expect(target.zero({ offset: 0, length: -align }, { mayPunch: true })).rejects.toMatchObject(fault);
      await expect(target.zero({ offset: 0, length: size + align }, { mayPunch: true })).rejects.toMatchObject(fault);
      if (align > 1) {
        await expect(target.write(1, bytes)).rejects.toMatchObject(fault);
        await expect(target.write(0, bytes.subarray(1))).rejects.toMatchObject(fault);
      }
      await expectModel();
    });

    it('refuses work under a signal that has been given', async () => {
      const { target } = subject;
      const signal = AbortSignal.abort();
      const fault = { name: 'AbortError' };
      const bytes = contentOf(16, alignUp(64 * KiB, target.traits.align));
      await expect(target.write(0, bytes, signal)).rejects.toMatchObject(fault);
      await expect(target.zero({ offset: 0, length: MiB }, { mayPunch: true }, signal)).rejects.toMatchObject(fault);
      await expect(target.flush(signal)).rejects.toMatchObject(fault);
      await expectModel();
    });

    it('has no work left when an aborted write settles', async () => {
      const { target } = subject;
      const abort = new AbortController();
      const bytes = contentOf(17, size);
      const writing = Promise.allSettled([target.write(0, bytes, abort.signal)]);
      abort.abort();
      const [outcome] = await writing;
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'AbortError' });
      const left = Buffer.from(await subject.content());
      bytes.fill(0xee);
      await sleep(30);
      expect(left.equals(await subject.content())).toBe(true);
    });

    it('may be disposed twice, and writes nothing afterwards', async () => {
      const { target } = subject;
      const bytes = contentOf(18, alignUp(64 * KiB, target.traits.align));
      const last = write(0, bytes);
      await Promise.all([target[Symbol.asyncDispose](), target[Symbol.asyncDispose](), last]);
      await target[Symbol.asyncDispose]();
      const fault = { code: 'internal' };
      await expect(target.write(MiB, bytes)).rejects.toMatchObject(fault);
      await expect(target.zero({ offset: 0, length: MiB }, { mayPunch: true })).rejects.toMatchObject(fault);
      await expect(target.flush()).rejects.toMatchObject(fault);
      expect(model.equals(await subject.content())).toBe(true);
    });
  });
}

/** Made once: making it anew for every write would be most of the time of the suite. */
const MATERIAL = seededBytes(1, 4 * MiB);

/** A copy of its own: other bytes for another seed. */
function contentOf(seed: number, length: number): Uint8Array {
  const start = (seed * 4093) % (MATERIAL.length - length);
  return MATERIAL.slice(start, start + length);
}

async function readAll(target: Target): Promise<Uint8Array> {
  const bytes = new Uint8Array(target.size);
  await target.readBack?.read(0, bytes);
  return bytes;
}
