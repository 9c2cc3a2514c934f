import { Command } from 'commander';
import type { Context } from '../context.ts';
import { addSourceFlags } from '../source-flags.ts';
import { VERSION } from '../version.ts';
import { addAdministrationVerbs } from './administration.ts';
import { addImageVerbs } from './images.ts';
import { addMigrationVerbs } from './migrations.ts';
import { addPlaceVerbs } from './places.ts';
import { addServiceVerbs } from './service.ts';

const SOURCES = `
SOURCE: a path, a directory with a split VMDK, file:, http(s):, s3://bucket/key, cos://bucket-appid/key, or the link of
        an object in COS. It may be packed: gz, xz, zst, bz2, tar, tar.*, OVA, zip.
TARGET: a file, a block device, nbd://host:port/export, nbd+unix:///export?socket=PATH.
Exit codes: 0 done, 1 failed (run again: it goes on), 2 usage, 3 image or package refused, 4 target does not fit,
            130 interrupted (run again: it goes on).`;

export function buildProgram(context: Context): Command {
  const program = new Command('diskferry')
    .description('Lands disk images on the disks of servers: streamed, resumed, verified byte by byte.')
    .version(VERSION)
    .addHelpText('after', SOURCES)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  const verb = (name: string, description: string) => addSourceFlags(program.command(name).description(description));
  verb('inspect', 'what lies at SOURCE: layers, format, sizes, the system inside, and whether it will start')
    .argument('<SOURCE>')
    .option('--target-profile <NAME>', 'where it is to start: tencent-cvm, local, generic-kvm (default)')
    .option('--no-guest', 'do not look at the disk inside the image')
    .option('--json', 'one JSON object')
    .action(async (source, flags) => (await import('../verbs/inspect.ts')).inspect(source, flags, context));
  verb('map', 'the extents of the virtual disk: offset, length, data | zero | hole')
    .argument('<SOURCE>')
    .option('--json', 'one JSON array')
    .action(async (source, flags) => (await import('../verbs/map.ts')).map(source, flags, context));
  addCopyFlags(verb('copy', 'land the image on the target; the same command again goes on where it stood')).action(
    async (source, target, flags) => (await import('../verbs/copy.ts')).copy({ source, target, flags }, context),
  );
  verb('verify', 'read both, compare, name the first difference')
    .argument('<SOURCE>')
    .argument('<TARGET>')
    .option('--json', 'one JSON object')
    .option('--quiet', 'no progress')
    .action(async (source, target, flags) => {
      return (await import('../verbs/verify.ts')).verify({ source, target, flags }, context);
    });
  addMigrationVerbs(program, context);
  addPlaceVerbs(program, context);
  addImageVerbs(program, context);
  addAdministrationVerbs(program, context);
  addServiceVerbs(program, context);
  return program;
}

function addCopyFlags(command: Command): Command {
  return command
    .argument('<SOURCE>')
    .argument('<TARGET>')
    .option('--create', 'make the target file, sparse and as large as the virtual disk')
    .option('--verify <LEVEL>', 'none, written (read back what was written), full (and then the whole disk)', 'written')
    .option('--sha256', 'also the plain sha256 of the whole virtual disk (reads the target once more)')
    .option(
      '--checksum <ALG:HEX>',
      'what the object or file must have as it lies there: md5, sha1, sha256, sha512, crc64ecma',
    )
    .option('--state <FILE>', 'checkpoint (default: beside the target)')
    .option(
      '--commit-every <SIZE>',
      'flush and record after so many bytes (default 8M to 256M): what a crash costs at most',
    )
    .option('--fresh', 'forget the checkpoint and write from the start')
    .option('--yes', 'overwrite what is on the target without asking')
    .option('--json', 'one JSON object as the last line of standard output')
    .option('--quiet', 'no progress');
}
