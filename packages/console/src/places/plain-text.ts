const ESCAPE = '\u001b';
/** Colours, cursor and titles: CSI, OSC and the short sequences. */
const SEQUENCE = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESCAPE}]{0,500}(?:\\u0007|${ESCAPE}\\\\)|[ -/]*[0-~])`,
  'g',
);
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** What a guest writes for a terminal, as text: a boot log is read here, nobody works in it. */
export function plainText(written: string): string {
  return written.replaceAll(SEQUENCE, '').replaceAll('\r\n', '\n').replaceAll('\r', '\n').replaceAll(CONTROL, '');
}
