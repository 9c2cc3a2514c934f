import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compileInflate } from './build-inflate.ts';

it('the decoder in the repository is what its source compiles to, byte by byte', async () => {
  const kept = readFileSync(join(import.meta.dirname, '..', 'packages', 'engine', 'src', 'inflate', 'inflate.wasm'));
  const compiled = await compileInflate();
  expect(Buffer.compare(kept, compiled), 'run `node tools/build-inflate.ts`').toBe(0);
});

it('the decoder has no imports, so that it reaches nothing but its own memory', async () => {
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Module: { new (bytes: Uint8Array): object; imports(module: object): unknown[] } };
  };
  expect(WebAssembly.Module.imports(new WebAssembly.Module(await compileInflate()))).toEqual([]);
});
