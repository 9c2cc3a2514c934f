/** A cpio archive (newc) of empty files, or of files with content. */
export function cpio(files: Readonly<Record<string, string>>): Uint8Array {
  const parts = [...Object.entries(files), ['TRAILER!!!', ''] as const].map(([name, content]) => {
    const words = [1, 0o100644, 0, 0, 1, 0, Buffer.byteLength(content), 0, 0, 0, 0, Buffer.byteLength(name) + 1, 0];
    const header = `070701${words.map((word) => word.toString(16).padStart(8, '0')).join('')}`;
    return Buffer.concat([padded(Buffer.from(`${header}${name}\0`)), padded(Buffer.from(content))]);
  });
  return Buffer.concat(parts);
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

/** An initramfs with the given modules, not packed. */
export function initramfsWith(modules: readonly string[], version = '6.1.0-9-amd64'): Uint8Array {
  const folder = `usr/lib/modules/${version}/kernel/drivers`;
  return cpio({
    init: '#!/bin/sh\n',
    ...Object.fromEntries(modules.map((name) => [`${folder}/${name}.ko`, `module ${name}`])),
  });
}

/** What firmware for the processor stands in front of: an archive on its own, then zeros up to 512 bytes. */
export function microcode(): Uint8Array {
  const archive = cpio({ 'kernel/x86/microcode/GenuineIntel.bin': 'x'.repeat(5000) });
  return Buffer.concat([archive, Buffer.alloc(512 - (archive.length % 512))]);
}
