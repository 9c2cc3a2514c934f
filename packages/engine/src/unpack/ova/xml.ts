import { SaxesParser } from 'saxes';
import { DiskferryError } from '../../base/errors.ts';

/** An element of the descriptor as it begins. */
export interface XmlElement {
  /** Without its prefix: OVF has one namespace that matters, and its prefix is anybody's choice. */
  readonly name: string;
  /** By name without prefix. */
  readonly attributes: ReadonlyMap<string, string>;
  /** Names of the elements around it, the outermost first. */
  readonly path: readonly string[];
}

const DEPTH_LIMIT = 64;
const ELEMENT_LIMIT = 100_000;

/**
 * Reads a document element by element. DTDs are refused, and with them entities of any kind, which neither name files
 * nor multiply then.
 * @throws DiskferryError `package-descriptor`, `package-limit`
 */
export function eachElement(text: string, visit: (element: XmlElement) => void): void {
  const parser = new SaxesParser();
  const path: string[] = [];
  let elements = 0;
  parser.on('doctype', () => {
    throw descriptorFault('the OVF descriptor has a document type definition, which is not allowed');
  });
  parser.on('error', (error) => {
    throw descriptorFault(
      `the OVF descriptor is no well-formed XML: line ${parser.line}, column ${parser.column}`,
      error,
    );
  });
  parser.on('opentag', (tag) => {
    if (++elements > ELEMENT_LIMIT || path.length >= DEPTH_LIMIT) {
      throw new DiskferryError(
        'package-limit',
        `the OVF descriptor has more than ${ELEMENT_LIMIT} elements or ${DEPTH_LIMIT} levels`,
      );
    }
    const attributes = new Map(Object.entries(tag.attributes).map(([name, value]) => [localName(name), value]));
    const name = localName(tag.name);
    visit({ name, attributes, path });
    path.push(name);
  });
  parser.on('closetag', () => void path.pop());
  parser.write(text).close();
}

export function descriptorFault(message: string, cause?: unknown): DiskferryError {
  return new DiskferryError('package-descriptor', message, { cause });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
