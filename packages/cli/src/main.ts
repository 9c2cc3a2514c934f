import { asDiskferryError } from '@diskferry/engine';
import { CommanderError } from 'commander';
import { exitCodeOf } from './exit-code.ts';
import { buildProgram } from './program.ts';
import { reportError } from './report-error.ts';
import { stopSignal } from './stop-signal.ts';

/** Reads the arguments, runs one verb, and turns whatever comes of it into an exit code. */
try {
  await buildProgram({ signal: stopSignal() }).parseAsync(process.argv);
} catch (thrown) {
  if (thrown instanceof CommanderError) {
    process.exitCode = thrown.exitCode === 0 ? 0 : 2;
  } else {
    const error = asDiskferryError(thrown);
    reportError(error, { json: process.argv.includes('--json') });
    process.exitCode = exitCodeOf(error.kind);
  }
}
