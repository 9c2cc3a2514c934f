import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DiskShape, writeDisk } from './disk.ts';
import { listFiles } from './real-files.ts';
import { runShell } from './run-shell.ts';
import { line } from './shell.ts';
import { GIB, TIB } from './units.ts';

export interface Recipe {
  /** File in the folder of inputs. */
  readonly name: string;
  /** The input this one is made of. */
  readonly from?: string;
  readonly needs: readonly string[];
  /** Space it takes at most, as a share of the allocated bytes; what its making takes beside that counts too. */
  readonly space: number;
  readonly virtualSize: number;
  /** Makes `path` in `folder`. Gives the bytes of data where they are not those of the input it is made of. */
  readonly make: (path: string, folder: string) => Promise<number | undefined>;
}

const REAL_FILES = '/usr';

/** Everything the cases read, for a disk of this shape, each after what it is made of. */
export function recipes(shape: DiskShape): readonly Recipe[] {
  const { size, allocated } = shape;
  const image = (name: string, space: number, options: readonly string[]): Recipe => ({
    name,
    from: 'disk.raw',
    needs: ['qemu-img'],
    space,
    virtualSize: size,
    make: (path, folder) =>
      shell('qemu-img', 'convert', '-m', '8', '-f', 'raw', ...options, join(folder, 'disk.raw'), path),
  });
  return [
    { name: 'disk.raw', needs: [], space: 1.1, virtualSize: size, make: (path) => makeRaw(path, shape) },
    image('disk.qcow2', 1.1, ['-O', 'qcow2']),
    image('disk-zlib.qcow2', 0.6, ['-c', '-O', 'qcow2']),
    image('disk-zstd.qcow2', 0.6, ['-c', '-O', 'qcow2', '-o', 'compression_type=zstd']),
    image('disk.vhd', 1.3, ['-O', 'vpc', '-o', 'subformat=dynamic,force_size=on']),
    image('disk.vmdk', 1.1, ['-O', 'vmdk', '-o', 'subformat=monolithicSparse']),
    image('disk-stream.vmdk', 0.6, ['-O', 'vmdk', '-o', 'subformat=streamOptimized']),
    packed('disk.raw.gz', 'disk.raw', { size, tool: 'gzip', command: 'gzip -c disk.raw' }),
    packed('disk.qcow2.tar.gz', 'disk.qcow2', { size, tool: 'tar', command: 'tar -cz disk.qcow2' }),
    empty('empty.qcow2', 'qcow2', 8 * TIB),
    empty('empty.vhd', 'vpc', 2040 * GIB, 'subformat=dynamic,force_size=on'),
    empty('empty.vmdk', 'vmdk', 8 * TIB, 'subformat=monolithicSparse'),
    ...[1, 2, 4, 8].map((quarters) =>
      sparse(`tib-${quarters}.qcow2`, { size: TIB, allocated: (allocated * quarters) / 4 }, quarters / 4),
    ),
  ];
}

async function makeRaw(path: string, shape: DiskShape): Promise<number> {
  return writeDisk(path, shape, await listFiles(REAL_FILES));
}

function packed(
  name: string,
  from: string,
  { size, tool, command }: { size: number; tool: string; command: string },
): Recipe {
  const make = (path: string, folder: string) =>
    shell('bash', '-c', `cd ${line(folder)} && ${command} > ${line(path)}`);
  return { name, from, needs: [tool], space: 0.6, virtualSize: size, make };
}

function empty(name: string, format: string, virtualSize: number, options = ''): Recipe {
  const given = options === '' ? [] : ['-o', options];
  const make = (path: string) => shell('qemu-img', 'create', '-q', '-f', format, ...given, path, String(virtualSize));
  return { name, needs: ['qemu-img'], space: 0, virtualSize, make: async (path) => (await make(path), 0) };
}

/** A huge disk with little on it. The raw disk it is made of goes at once: what is compared is qemu-img's view of it. */
function sparse(name: string, shape: DiskShape, share: number): Recipe {
  const make = async (path: string) => {
    const raw = `${path}.raw`;
    try {
      const data = await makeRaw(raw, shape);
      await shell('qemu-img', 'convert', '-m', '8', '-f', 'raw', '-O', 'qcow2', raw, path);
      return data;
    } finally {
      await rm(raw, { force: true });
    }
  };
  return { name, needs: ['qemu-img'], space: 2.2 * share, virtualSize: shape.size, make };
}

async function shell(...words: readonly string[]): Promise<undefined> {
  await runShell(line(...words));
}
