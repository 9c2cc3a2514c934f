import { spawn } from 'node:child_process';

/**
 * `npm run fuzz -- [SECONDS] [PATH]`: every fuzzer for so long (default 60 s each), or those in files whose path holds
 * PATH. The tests run the same ones for a second or two.
 */
const [seconds = '60', path = ''] = process.argv.slice(2);
const seed = process.env['DISKFERRY_FUZZ_SEED'] ?? String(Math.floor(Date.now() / 1000));
process.stdout.write(`${seconds} s each, DISKFERRY_FUZZ_SEED=${seed}\n`);
const timeout = String((Number(seconds) + 60) * 1000);
const filters = path ? [path] : ['fuzz.test.ts', 'hostile.test.ts'];
const child = spawn('npx', ['vitest', 'run', ...filters, '--testTimeout', timeout, '--reporter', 'verbose'], {
  stdio: 'inherit',
  env: { ...process.env, DISKFERRY_FUZZ_SECONDS: seconds, DISKFERRY_FUZZ_SEED: seed },
});
child.on('exit', (code) => (process.exitCode = code ?? 1));
