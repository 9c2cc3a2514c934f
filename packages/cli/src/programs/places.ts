import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addConnectionFlags } from './connection-flags.ts';

/** `instances` and `volumes`. */
export function addPlaceVerbs(program: Command, context: Context): void {
  addInstances(program.command('instances').description('the instances that the service reaches'), context);
  addVolumes(program.command('volumes').description('the volumes that the service reaches'), context);
}

function describe(parent: Command, name: string, text: string): Command {
  return addConnectionFlags(parent.command(name).description(text));
}

function withPlace(command: Command): Command {
  return command
    .option('--region <NAME>', 'where there is more than one')
    .option('--zone <NAME>', 'where there is more than one');
}

const instanceVerbs = () => import('../verbs/places/instances.ts');
const volumeVerbs = () => import('../verbs/places/volumes.ts');

function addInstances(instances: Command, context: Context): void {
  describe(instances, 'list', 'all of them')
    .option('--text <TEXT>', 'in the name')
    .action(async (flags) => (await instanceVerbs()).listInstances(flags, context));
  describe(instances, 'show', 'one of them')
    .argument('<ID>')
    .action(async (id, flags) => (await instanceVerbs()).showInstance(id, flags, context));
  withPlace(describe(instances, 'create', 'a new one, stopped, with an empty system volume').argument('<NAME>'))
    .requiredOption('--size <SIZE>', 'of its system volume')
    .option('--firmware <NAME>', 'bios (default) or uefi')
    .option('--cpus <N>', 'default 1')
    .option('--memory <SIZE>', 'default 512M')
    .action(async (name, flags) => (await instanceVerbs()).createInstance(name, flags, context));
  describe(instances, 'start', 'start it')
    .argument('<ID>')
    .action(async (id, flags) => (await instanceVerbs()).startInstance(id, flags, context));
  describe(instances, 'stop', 'ask the guest to shut down, then switch it off')
    .argument('<ID>')
    .option('--grace <SECONDS>', 'how long it has (default 60; 0: at once)')
    .action(async (id, flags) => (await instanceVerbs()).stopInstance(id, flags, context));
  describe(instances, 'delete', 'with its system volume; its data volumes stay')
    .argument('<ID>')
    .action(async (id, flags) => (await instanceVerbs()).deleteInstance(id, flags, context));
  describe(instances, 'console', 'what the guest wrote to its serial console')
    .argument('<ID>')
    .option('--last <BYTES>', 'at most so much of its end (default 65536)')
    .action(async (id, flags) => (await instanceVerbs()).serialLog(id, flags, context));
}

function addVolumes(volumes: Command, context: Context): void {
  describe(volumes, 'list', 'all of them, and why one cannot be a target now')
    .option('--text <TEXT>', 'in the name')
    .action(async (flags) => (await volumeVerbs()).listVolumes(flags, context));
  describe(volumes, 'show', 'one of them')
    .argument('<ID>')
    .action(async (id, flags) => (await volumeVerbs()).showVolume(id, flags, context));
  withPlace(describe(volumes, 'create', 'a new data volume that reads as zeros').argument('<NAME>'))
    .requiredOption('--size <SIZE>', 'such as 50G')
    .action(async (name, flags) => (await volumeVerbs()).createVolume(name, flags, context));
  describe(volumes, 'grow', 'to this size; it never shrinks')
    .argument('<ID>')
    .argument('<SIZE>')
    .action(async (id, size, flags) => (await volumeVerbs()).growVolume(id, size, flags, context));
  describe(volumes, 'attach', 'to an instance in its zone')
    .argument('<ID>')
    .argument('<INSTANCE>')
    .action(async (id, instance, flags) => (await volumeVerbs()).attachVolume(id, instance, flags, context));
  describe(volumes, 'detach', 'from its instance')
    .argument('<ID>')
    .action(async (id, flags) => (await volumeVerbs()).detachVolume(id, flags, context));
  describe(volumes, 'delete', 'with all that is on it')
    .argument('<ID>')
    .action(async (id, flags) => (await volumeVerbs()).deleteVolume(id, flags, context));
}
