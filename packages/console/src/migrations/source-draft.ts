import { understandLink } from './link.ts';

/** How an image is reached. The keys stay in the memory of the page. */
export interface SourceDraft {
  readonly link: string;
  readonly isPrivate: boolean;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export const EMPTY_SOURCE: SourceDraft = {
  link: '',
  isPrivate: false,
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
};

export function isWhole(draft: SourceDraft): boolean {
  return understandLink(draft.link) !== undefined && hasKeys(draft);
}

export function hasKeys({ isPrivate, accessKeyId, secretAccessKey }: SourceDraft): boolean {
  return !isPrivate || (accessKeyId !== '' && secretAccessKey !== '');
}

/** What is sent of them. */
export function credentialsOf({ isPrivate, accessKeyId, secretAccessKey, sessionToken }: SourceDraft) {
  if (!isPrivate) return {};
  const token = sessionToken === '' ? {} : { sessionToken };
  return { credentials: { accessKeyId, secretAccessKey, ...token } };
}
