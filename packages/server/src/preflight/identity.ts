import type { Identity } from '@diskferry/engine';

/**
 * Stands for the object, whatever link leads to it. The binding of a checkpoint (name, size, ETag, date, version) says too
 * much for that: the version of a bucket comes only with requests that are signed here, not with a presigned link to the
 * same object. So the version counts only where there is no strong ETag: then it is a weak ETag, or for a file its device,
 * inode and time of change. A new version with the same bytes has the same ETag and another date: another object.
 *
 * The name stays in: some servers make their ETag of date and size alone, which two disks of one export may share. It is
 * the last part of the path, which no signature changes.
 */
export function objectIdentity(name: string, { size, etag, lastModified, version }: Identity): string {
  const weaker = etag === undefined ? (version ?? null) : null;
  return JSON.stringify([name, size ?? null, etag ?? null, lastModified ?? null, weaker]);
}
