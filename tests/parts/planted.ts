import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A secret that a test plants, and can be told from all others wherever it turns up. */
export function planted(name: string): string {
  return `pl4nted/${name}+${name}=${[...name].toReversed().join('')}&5ecret`;
}

/** The forms in which it could be written down. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // A longer text has it at any of three places between the letters of base64; what they share is searched.
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    return text.slice(shift === 0 ? 0 : shift + 1, -2);
  });
  const inUrl = inBase64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const encoded = encodeURIComponent(secret);
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    quoted,
    encoded,
    encoded.toLowerCase(),
    encodeURI(secret),
    bytes.toString('hex'),
    ...inBase64,
    ...inUrl,
  ];
}

/** Which secrets stand in a text. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.keys(secrets).filter((name) => formsOf(secrets[name] ?? '').some((form) => text.includes(form)));
}

/** Every file below a folder, as one text with a letter for each byte. */
export async function filesBelow(folder: string): Promise<{ path: string; text: string }[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.map(async (path) => ({ path, text: await readFile(path, 'latin1') })));
}
