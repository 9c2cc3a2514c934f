import { isPresigned, presignedUntil } from '@diskferry/engine/presigned';
import { storeOf } from '@diskferry/engine/store-link';

/** What the console understands of a link while it is being typed. Only the service opens it. */
export interface UnderstoodLink {
  readonly kind: 'cos' | 's3' | 'http' | 'file';
  readonly bucket?: string;
  readonly key?: string;
  readonly region?: string;
  readonly host?: string;
  readonly path?: string;
  readonly isSigned?: boolean;
  /** Milliseconds since 1970, where the signature tells. */
  readonly signedUntil?: number;
  /** Anybody on the way can read and change it. */
  readonly isPlain?: boolean;
}

/** Undefined for what is no link. */
export function understandLink(typed: string): UnderstoodLink | undefined {
  const link = typed.trim();
  const [, scheme, bucket, key] = /^(s3|cos):\/\/([^/@\s]+)\/(.+)$/is.exec(link) ?? [];
  if (bucket !== undefined && key !== undefined) {
    return { kind: scheme?.toLowerCase() === 'cos' ? 'cos' : 's3', bucket, key };
  }
  if (/^(?:file:\/\/)?\/[^/]/i.test(link)) return { kind: 'file', path: link.replace(/^file:\/\//i, '') };
  if (!/^https?:\/\//i.test(link) || !URL.canParse(link)) return undefined;
  return understandUrl(new URL(link));
}

function understandUrl(url: URL): UnderstoodLink {
  const until = presignedUntil(url);
  const common = {
    isSigned: isPresigned(url),
    isPlain: url.protocol === 'http:',
    ...(until === undefined ? {} : { signedUntil: until }),
  };
  const store = storeOf(url);
  if (store === undefined) return { kind: 'http', host: url.host, path: decoded(url.pathname), ...common };
  const { kind, bucket, region, path } = store;
  return { kind, bucket, key: decoded(path).slice(1), ...(region === undefined ? {} : { region }), ...common };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
