/** How much of the beginning is judged: an error page is text from its first byte. */
const JUDGED = 1024;

const KINDS: readonly { readonly name: string; readonly begins: RegExp }[] = [
  { name: 'an HTML page', begins: /^<(!doctype\s+html|html|head|body)[\s>]/i },
  { name: 'an XML document', begins: /^<\?xml|^<[a-z][\w:.-]*[\s>]/i },
  { name: 'JSON', begins: /^(\{\s*["}]|\[\s*[[{"\]\d])/ },
];

/** What kind of text the file begins with, or undefined where it is no text: UTF-8 (or UTF-16 with its mark). */
export function textKind(head: Uint8Array): string | undefined {
  const text = decoded(head.subarray(0, JUDGED));
  if (text === undefined) return undefined;
  const content = text.trimStart();
  return KINDS.find(({ begins }) => begins.test(content))?.name ?? 'plain text';
}

function decoded(bytes: Uint8Array): string | undefined {
  const encoding = utf16Mark(bytes) ?? 'utf-8';
  try {
    // `stream` allows the last character to be cut by the end of what is judged.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    return hasControls(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function utf16Mark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return undefined;
}

/** Control characters that no text has: everything below space but tab, the line ends, form feed and escape. */
function hasControls(text: string): boolean {
  return [...text].some((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (code < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d, 0x1b].includes(code)) || code === 0x7f;
  });
}
