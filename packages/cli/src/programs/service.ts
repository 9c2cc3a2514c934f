import type { Command } from 'commander';
import type { Context } from '../context.ts';

/** `serve`, `worker` and `receipt`. */
export function addServiceVerbs(program: Command, { signal }: Context): void {
  program
    .command('serve')
    .description('run the service: API, database, the local provider and a worker (docs/configuration.md)')
    .action(async () => endingQuietly((await import('@diskferry/server')).serve(process.env, signal), signal));
  program
    .command('worker')
    .description('run a worker for a service on another machine; needs DISKFERRY_DATABASE=postgres://…')
    .action(async () => endingQuietly((await import('@diskferry/server')).work(process.env, signal), signal));
  program
    .command('receipt')
    .description('what proves a migration')
    .command('verify')
    .description('check the signature of a receipt, offline; and with --disk that the disk still holds what it says')
    .argument('<FILE>')
    .option('--key <BASE64>', 'the public key that it must be signed with')
    .option('--disk <PATH...>', 'the disk of each image, in their order')
    .option('--json', 'for programs')
    .action(async (file, flags) => (await import('../verbs/receipt.ts')).verifyReceiptFile(file, flags, signal));
}

/** Told to end while it still waited for its database: that is no fault. */
async function endingQuietly(running: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await running;
  } catch (error) {
    if (!signal.aborted || (error as Error).name !== 'AbortError') throw error;
  }
}
