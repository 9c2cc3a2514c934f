import type { Command } from 'commander';

/** Flags that every verb has that speaks with the service. */
export function addConnectionFlags(command: Command): Command {
  return command
    .option('--server <URL>', 'where the service is (default: DISKFERRY_SERVER, else http://127.0.0.1:7070)')
    .option('--token <TOKEN>', 'others see it in the process list: DISKFERRY_TOKEN is better')
    .option('--json', 'for programs');
}
