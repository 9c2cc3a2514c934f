import { image, ova, packed, RAW, type Wrapping } from './wrappings.ts';

/** The images and packages that people bring, each made by the tool that people make it with. */
export const QCOW2 = image('a qcow2', 'disk.qcow2', { format: 'qcow2', qemu: 'qcow2' });
export const VHD = image('a dynamic VHD', 'disk.vhd', { format: 'vhd', qemu: 'vpc', options: ['force_size=on'] });
export const VMDK = image('a sparse VMDK', 'disk.vmdk', { format: 'vmdk', qemu: 'vmdk' });
export const STREAM = image('a streamOptimized VMDK', 'stream.vmdk', {
  format: 'vmdk',
  qemu: 'vmdk',
  options: ['subformat=streamOptimized'],
});
export const OVA = ova(STREAM);

const tarred = (name: string, flags: string, member: string) => ({
  name,
  packages: ['gzip', 'tar'],
  tools: ['tar', 'gzip'],
  pack: `tar ${flags} -I 'gzip -1' -cf $out ${member}`,
  unpack: `tar -xOzf $out ${member} > $back`,
});

export const RAW_GZ = packed('raw in gzip', RAW, {
  name: 'plain.raw.gz',
  packages: ['gzip'],
  tools: ['gzip'],
  pack: 'gzip -1 < $in > $out',
  unpack: 'gzip -dc $out > $back',
});
export const RAW_XZ = packed('raw in xz', RAW, {
  name: 'plain.raw.xz',
  packages: ['xz'],
  tools: ['xz'],
  pack: 'xz -0 -T2 < $in > $out',
  unpack: 'xz -dc $out > $back',
});
export const RAW_ZIP = packed('raw in zip', RAW, {
  name: 'plain.raw.zip',
  packages: ['zip'],
  tools: ['zip', 'unzip'],
  pack: 'zip -q -1 $out $in',
  unpack: 'unzip -p $out > $back',
});
/** Many frames, a skippable one in front of each. */
export const RAW_PZST = packed('raw in the frames of pzstd', RAW, {
  name: 'pieces.raw.zst',
  packages: ['zstd'],
  tools: ['pzstd', 'zstd'],
  pack: 'pzstd -q -1 -p 4 -c $in > $out',
  unpack: 'zstd -qdc $out > $back',
});
export const VMDK_ZST = packed('a sparse VMDK in zstd', VMDK, {
  name: 'disk.vmdk.zst',
  packages: ['zstd'],
  tools: ['zstd'],
  pack: 'zstd -q < $in > $out',
  unpack: 'zstd -qdc $out > $back',
});
export const VHD_BZ2 = packed('a dynamic VHD in bzip2', VHD, {
  name: 'disk.vhd.bz2',
  packages: ['bzip2'],
  tools: ['bzip2'],
  pack: 'bzip2 -1 < $in > $out',
  unpack: 'bzip2 -dc $out > $back',
});

export const EVERY_WRAPPING: readonly Wrapping[] = [
  QCOW2,
  image('a qcow2 with packed clusters', 'packed.qcow2', { format: 'qcow2', qemu: 'qcow2', compressed: true }),
  image('a qcow2 with zstd clusters', 'zstd.qcow2', {
    format: 'qcow2',
    qemu: 'qcow2',
    options: ['compression_type=zstd'],
    compressed: true,
  }),
  VHD,
  image('a fixed VHD', 'fixed.vhd', { format: 'vhd', qemu: 'vpc', options: ['subformat=fixed', 'force_size=on'] }),
  VMDK,
  STREAM,
  image('a VHDX', 'disk.vhdx', { format: 'vhdx', qemu: 'vhdx' }),
  image('a VDI', 'disk.vdi', { format: 'vdi', qemu: 'vdi' }),
  RAW,
  RAW_GZ,
  packed('a qcow2 in tar.gz', QCOW2, tarred('disk.qcow2.tar.gz', '', '$in')),
  packed('a sparse disk.raw in tar.gz for Google Cloud', RAW, tarred('gce.tar.gz', '--format=oldgnu -S', 'disk.raw')),
  OVA,
  RAW_XZ,
  VMDK_ZST,
  VHD_BZ2,
  RAW_ZIP,
  RAW_PZST,
];
