import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DiskferryError, labelOf, parseLocator, type Locator } from '@diskferry/engine';
import { isPrintable } from '../base/printable.ts';
import { ServiceError } from '../base/errors.ts';
import type { Secret } from '../secrets/secret.ts';

/** What of a typed link may be shown and kept in a migration, and what must be sealed. */
export interface SplitLink {
  /** Opens the source where there is no secret. */
  readonly shown: string;
  /** The whole link, where it has a user name, a password or a query: a signature need not be called one. */
  readonly secret: Secret | null;
}

/** A link that needs more room than this is none. */
const LONGEST = 8192;

/**
 * The same text for every spelling of a link that the engine takes apart alike.
 * @throws ServiceError `invalid-request`; its message never repeats the link, which may hold a password
 */
export function splitLink(link: string): SplitLink {
  const locator = locatorOf(link);
  switch (locator.kind) {
    case 'file':
      return { shown: fileLink(locator.path), secret: null };
    case 'http': {
      const shown = labelOf(locator);
      return { shown, secret: shown === locator.url ? null : { link: locator.url } };
    }
    case 's3':
    case 'cos':
      // A plain link of a store tells the region and keeps its version; neither is a secret.
      return { shown: withoutFragment(link), secret: null };
    default:
      return locator satisfies never;
  }
}

/** How a link is shown: to people, in logs, events and errors. @throws ServiceError `invalid-request` */
export function shownLink(link: string): string {
  return splitLink(link).shown;
}

function locatorOf(link: string): Locator {
  if (link.length > LONGEST) throw refused(`the link has ${link.length} characters; ${LONGEST} are allowed`);
  if (!isPrintable(link)) throw refused('the link has control characters');
  // No other scheme has a place for these, and a message that quotes the bucket would quote them.
  if (/^(?!https?:)[a-z0-9+.-]+:\/\/[^/]*@/i.test(link)) {
    throw refused('keys are not a part of this link: give them as credentials');
  }
  try {
    return parseLocator(link);
  } catch (error) {
    if (error instanceof DiskferryError) throw refused(error.message);
    throw error;
  }
}

function fileLink(path: string): string {
  if (isAbsolute(path) && isPrintable(path)) return pathToFileURL(path).href;
  throw refused('the link has no scheme: http://, https://, s3://, cos:// and file:/// are known');
}

/** Keys behind `s3:` and `cos:` may hold a `#`; in links it begins what is not sent. */
function withoutFragment(link: string): string {
  return /^https?:/i.test(link) ? link.replace(/#.*$/s, '') : link;
}

function refused(message: string): ServiceError {
  return new ServiceError('invalid-request', message);
}
