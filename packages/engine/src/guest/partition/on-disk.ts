/** The part of a promised range that lies on the disk; what does not is told. */
export function onDisk(
  diskSize: number,
  offset: number,
  length: number,
  what: string,
  warn: (text: string) => void,
): { readonly offset: number; readonly length: number; readonly missing: number } {
  const end = offset + length;
  if (end <= diskSize) return { offset, length, missing: 0 };
  const begin = Math.min(offset, diskSize);
  warn(`${what} ends at ${end}, ${end - diskSize} bytes behind the end of the disk (${diskSize})`);
  return { offset: begin, length: diskSize - begin, missing: end - Math.max(offset, diskSize) };
}
