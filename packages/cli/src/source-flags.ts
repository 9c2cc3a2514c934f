import type { Command } from 'commander';

/** Flags that every verb with a SOURCE has. */
export interface SourceFlags {
  readonly format?: string;
  readonly member?: string;
  readonly vhdSize?: string;
  readonly extent?: readonly string[];
  readonly region?: string;
  readonly endpoint?: string;
  readonly pathStyle?: boolean;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly sessionToken?: string;
  readonly header?: readonly string[];
  readonly allowPrivate?: boolean;
  readonly bandwidth?: string;
  readonly connections?: string;
  readonly checksum?: string;
  readonly spillLimit?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function addSourceFlags(command: Command): Command {
  return command
    .option('--format <NAME>', 'the format it must be: raw, qcow2, vhd (vpc), vmdk, vhdx, vdi')
    .option('--member <NAME>', 'which disk of an archive or OVA that holds several')
    .option('--vhd-size <RULE>', 'size of a VHD: footer (default: all of it) or geometry (as qemu-img reads some)')
    .option('--extent <FILE>', 'another file of the same image (a split VMDK); may be repeated', collect)
    .option('--region <NAME>', 'region of the bucket')
    .option('--endpoint <URL>', 'where an S3-compatible store answers')
    .option('--path-style', 'the bucket stands in the path, not in the host name')
    .option('--access-key <ID>', 'access key or SecretId; otherwise from the environment or the configuration file')
    .option('--secret-key <KEY>', 'secret key; others see it in the process list: the environment is better')
    .option('--session-token <TOKEN>', 'token of temporary keys')
    .option('--header <LINE>', 'sent with every HTTP request, as "Name: value"; may be repeated', collect)
    .option('--allow-private', 'follow redirects to private, loopback and link-local addresses')
    .option('--bandwidth <RATE>', 'at most this many bytes a second from the source, such as 50M')
    .option('--connections <N>', 'requests at once (default 8; local files 4)')
    .option('--spill-limit <SIZE>', 'what a packed image may put into a temporary file (default 4G)');
}
