/**
 * Until when a signed link is valid, in milliseconds since 1970, or undefined where it carries no time. Known: AWS
 * SigV4 and its cousins (Google, Alibaba), the `Expires` of SigV2, COS (`q-sign-time`), Azure (`se`).
 */
export function presignedUntil(url: URL): number | undefined {
  const query = lowerCased(url);
  for (const vendor of ['amz', 'goog', 'oss', 'obs']) {
    const signedAt = compactDate(query.get(`x-${vendor}-date`));
    const seconds = Number(query.get(`x-${vendor}-expires`) ?? Number.NaN);
    if (signedAt !== undefined && seconds >= 0) return signedAt + seconds * 1000;
  }
  const end = /^\d+;(\d+)$/.exec(query.get('q-sign-time') ?? '')?.[1] ?? query.get('expires');
  if (end !== undefined && /^\d{9,11}$/.test(end)) return Number(end) * 1000;
  const azure = Date.parse(query.get('se') ?? '');
  return query.has('sig') && !Number.isNaN(azure) ? azure : undefined;
}

const SIGNATURES = [
  'x-amz-signature',
  'x-goog-signature',
  'x-oss-signature',
  'q-signature',
  'signature',
  'sign',
  'sig',
];

/** Whether a link carries its permission in the query. */
export function isPresigned(url: URL): boolean {
  const query = lowerCased(url);
  return SIGNATURES.some((name) => query.has(name));
}

function lowerCased(url: URL): Map<string, string> {
  return new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
}

/** 20130524T000000Z */
function compactDate(text: string | undefined): number | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
}
