/** The digit behind the mark at the start of a stream: blocks of so many times 100 000 bytes. Undefined without the mark. */
export function levelOf(head: Uint8Array): number | undefined {
  const [b, z, h, digit = 0] = head;
  const level = digit - 0x30;
  return b === 0x42 && z === 0x5a && h === 0x68 && level >= 1 && level <= 9 ? level : undefined;
}
