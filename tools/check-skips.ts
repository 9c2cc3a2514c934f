import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { summarise, type Report } from './skips/results.ts';

/** `check-skips.ts REPORT`: fails where a test skipped that must not, and says in one line how the run went. */
const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('give the JSON report of vitest');
const report = JSON.parse(readFileSync(path, 'utf8')) as Report;
const corpus = existsSync(join(import.meta.dirname, '..', '..', 'shared', 'corpus'));
const { passed, failed, skipped, faults } = summarise(report, { corpus });
for (const name of skipped) console.log(`skipped: ${name}`);
for (const name of faults) process.stderr.write(`must not skip here: ${name}\n`);
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
if (faults.length > 0 || failed > 0 || passed === 0) process.exitCode = 1;
