import { asDiskferryError, DiskferryError } from '@diskferry/engine';
import { CommanderError } from 'commander';
import { exitCodeOf } from './exit-code.ts';
import { buildProgram } from './programs/program.ts';
import { reportError } from './report-error.ts';
import { reportServiceError } from './service/report-service-error.ts';
import { stopSignal } from './stop-signal.ts';

/** Reads the arguments, runs one verb, and turns whatever comes of it into an exit code. */
try {
  await buildProgram({ signal: stopSignal() }).parseAsync(process.argv);
} catch (thrown) {
  if (!(thrown instanceof CommanderError && thrown.exitCode === 0)) {
    const how = { json: process.argv.includes('--json') };
    const error = thrown instanceof CommanderError ? asUsageError(thrown) : thrown;
    process.exitCode = reportServiceError(error, how) ?? reportAny(error, how);
  }
}

function reportAny(thrown: unknown, how: { readonly json: boolean }): number {
  const error = asDiskferryError(thrown);
  reportError(error, how);
  return exitCodeOf(error.kind);
}

/** `error: unknown option '--x'` and the like; a bare `diskferry` shows its help instead. */
function asUsageError(error: CommanderError): DiskferryError {
  const message = error.code === 'commander.help' ? 'a verb is missing' : error.message.replace(/^error: /, '');
  return new DiskferryError('usage', message);
}
