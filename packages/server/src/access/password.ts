import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { ServiceError } from '../base/errors.ts';
import { isPrintable } from '../base/printable.ts';

export const SHORTEST = 12;
export const LONGEST = 256;
const BYTES = 32;

/** One of the settings that OWASP names for scrypt: 32 MiB and about 0.2 s for each. More memory serves sign-ins worse. */
const COST = { ln: 15, r: 8, p: 3 } as const;
/** What a digest may ask for when it is read. */
const MOST = { ln: 20, r: 16, p: 16 } as const;

interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt);

/** @throws ServiceError `invalid-request` */
export function requirePassword(password: string): void {
  if (password.length < SHORTEST || password.length > LONGEST) {
    refuse(`a password has ${SHORTEST} to ${LONGEST} characters`);
  }
  if (!isPrintable(password) || !password.isWellFormed()) refuse('a password has no control characters');
}

function refuse(why: string): never {
  throw new ServiceError('invalid-request', why, { at: '/password' });
}

/** Its parameters stand in it: `scrypt$ln=15,r=8,p=3$SALT$HASH`, so that they can grow later. */
export async function digestPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return written(COST, salt, await hash(password, salt, COST));
}

/** Takes as long where there is no digest. What cannot be a password takes no time: that tells nothing of anybody. */
export async function matchesPassword(password: string, digest: string | null): Promise<boolean> {
  if (password.length > LONGEST || !password.isWellFormed()) return false;
  const { cost, salt, expected } = parse(digest ?? NOBODY);
  const found = await hash(password, salt, cost);
  return timingSafeEqual(found, expected) && digest !== null;
}

/** Of a password that nobody has. */
const NOBODY = written(COST, randomBytes(16), randomBytes(BYTES));

/** Normalised, since keyboards write the same letter in different ways. */
function hash(password: string, salt: Buffer, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  return derive(password.normalize('NFKC'), salt, BYTES, { N, r, p, maxmem: 128 * N * r + 128 * r * p + 2 ** 20 });
}

function written({ ln, r, p }: Cost, salt: Buffer, found: Buffer): string {
  return `scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64')}$${found.toString('base64')}`;
}

function parse(digest: string): { cost: Cost; salt: Buffer; expected: Buffer } {
  const [, ln, r, p, salt = '', found = ''] =
    /^scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w+/=]{4,100})\$([\w+/=]{44})$/.exec(digest) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const expected = Buffer.from(found, 'base64');
  const sound =
    cost.ln >= 1 && cost.ln <= MOST.ln && cost.r >= 1 && cost.r <= MOST.r && cost.p >= 1 && cost.p <= MOST.p;
  if (sound && expected.length === BYTES) return { cost, salt: Buffer.from(salt, 'base64'), expected };
  throw new ServiceError('internal-error', 'the digest of a password is damaged: set the password again');
}
