import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from 'assemblyscript/asc';

/**
 * Compiles the deflate decoder: packages/engine/src/inflate/assembly/*.ts to inflate.wasm beside it. The module is kept
 * in the repository so that nobody needs the compiler to use it; a test compiles again and compares.
 *
 *     node tools/build-inflate.ts
 */
const FOLDER = join(import.meta.dirname, '..', 'packages', 'engine', 'src', 'inflate');

/** A page is 64 KiB. The one-shot decoder grows its memory to the unit; more than this it never needs. */
const MOST_PAGES = 1024;

/** The bytes of the module. @throws Error with the compiler's messages */
export async function compileInflate(): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), 'diskferry-inflate-'));
  try {
    const file = join(folder, 'inflate.wasm');
    const options = [
      `--outFile ${file} --runtime stub --use abort=`,
      '--optimizeLevel 3 --shrinkLevel 0 --converge --noAssert',
      `--enable simd --initialMemory 1 --maximumMemory ${MOST_PAGES}`,
    ];
    const { error, stderr } = await main([join(FOLDER, 'assembly', 'index.ts'), ...options.join(' ').split(' ')]);
    if (error !== null) throw new Error(`the decoder does not compile: ${stderr.toString()}`, { cause: error });
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) {
  const bytes = await compileInflate();
  writeFileSync(join(FOLDER, 'inflate.wasm'), bytes);
  console.log(`inflate.wasm: ${bytes.length} bytes`);
}
