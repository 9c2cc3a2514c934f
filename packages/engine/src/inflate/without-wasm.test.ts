import { deflateRawSync, deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { contents } from '../../testing/deflate-corpus.ts';
import { inflateInPieces } from '../../testing/inflate-in-pieces.ts';
import { expectSameBytes } from '../../testing/zlib-verdict.ts';

/** What a Node does that has WebAssembly switched off, and one on a machine without SIMD. */
const MISSING = {
  'without WebAssembly': undefined,
  'with a WebAssembly that refuses the module': {
    Module: () => {
      throw new Error('invalid opcode');
    },
  },
};

async function loaded<Module>(api: unknown, load: () => Promise<Module>): Promise<Module> {
  vi.resetModules();
  vi.stubGlobal('WebAssembly', api);
  return await load();
}

for (const [name, api] of Object.entries(MISSING)) {
  describe(name, () => {
    const text = contents(50_000).get('text')!;
    afterEach(() => {
      vi.unstubAllGlobals();
      vi.resetModules();
    });

    it('no decoder starts, and units are decoded by node:zlib', async () => {
      const { startDecoder } = await loaded(api, () => import('./decoder.ts'));
      expect(startDecoder()).toBeUndefined();
      const { inflateUnit, inflateZlibUnit } = await import('./inflate-unit.ts');
      expectSameBytes(inflateUnit(deflateRawSync(text), text.length), text);
      expectSameBytes(inflateZlibUnit(deflateSync(text), text.length), text);
    });

    it('streams are decoded by node:zlib, and cannot be saved', async () => {
      const { openInflating } = await loaded(api, () => import('./open-inflating.ts'));
      const inflating = openInflating();
      expect(inflating.save).toBeUndefined();
      expectSameBytes((await inflateInPieces(inflating, deflateRawSync(text), { pushes: [777] })).content, text);
      const { Inflater } = await import('./inflater.ts');
      expect(() => Inflater.restore(new Uint8Array(100))).toThrow('without WebAssembly');
    });
  });
}
