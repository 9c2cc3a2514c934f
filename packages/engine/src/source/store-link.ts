/** What the host of a link says about an object store. */
export interface StoreLink {
  readonly kind: 'cos' | 's3';
  readonly bucket: string;
  /** Undefined for the accelerated hosts. */
  readonly region: string | undefined;
  /** Path of the object, still encoded. */
  readonly path: string;
}

const REGION = '[a-z]{2}-[a-z]+(?:-[0-9a-z]+)*';

/** `images-1250000000.cos.ap-tokyo.myqcloud.com` and its accelerated, internal and tencentcos.cn forms. */
const COS_HOST = new RegExp(
  `^([a-z0-9][a-z0-9-]*-\\d+)\\.cos(?:v6|-cdc|-internal)?\\.(accelerate|${REGION})\\.(?:myqcloud\\.com|tencentcos\\.cn)$`,
);

/** `bucket.s3.region.amazonaws.com`: the virtual-hosted form. */
const S3_VIRTUAL = new RegExp(`^(.+)\\.s3(?:\\.dualstack)?[.-](${REGION})\\.amazonaws\\.com(?:\\.cn)?$`);

/** `s3.region.amazonaws.com/bucket/key` */
const S3_PATH = new RegExp(`^s3(?:\\.dualstack)?[.-](${REGION})\\.amazonaws\\.com(?:\\.cn)?$`);

/** The store that a link goes to, where its host tells bucket and region; undefined for every other link. */
export function storeOf(url: URL): StoreLink | undefined {
  if (url.port !== '') return undefined;
  const cos = COS_HOST.exec(url.hostname);
  if (cos !== null) {
    const [, bucket = '', region] = cos;
    return { kind: 'cos', bucket, region: region === 'accelerate' ? undefined : region, path: url.pathname };
  }
  const virtual = S3_VIRTUAL.exec(url.hostname);
  if (virtual !== null) return { kind: 's3', bucket: virtual[1] ?? '', region: virtual[2], path: url.pathname };
  const inPath = S3_PATH.exec(url.hostname);
  const [, bucket, path] = /^\/([^/]+)(\/.*)$/s.exec(url.pathname) ?? [];
  if (inPath === null || bucket === undefined) return undefined;
  return { kind: 's3', bucket, region: inPath[1], path: path ?? '/' };
}
