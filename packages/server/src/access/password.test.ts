import { scryptSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { digestPassword, matchesPassword } from './password.ts';

const PASSWORD = 'correct horse battery';

async function medianMs(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const begin = performance.now();
    await run();
    times.push(performance.now() - begin);
  }
  return times.toSorted((a, b) => a - b)[2] ?? 0;
}

describe('digestPassword()', () => {
  it('is scrypt with the parameters and the salt that stand in it, and never the same twice', async () => {
    const digest = await digestPassword(PASSWORD);
    const [, , salt = '', found] = digest.split('$');
    expect(digest).toMatch(/^scrypt\$ln=15,r=8,p=3\$/);
    const cost = { N: 32_768, r: 8, p: 3, maxmem: 2 ** 26 };
    expect(scryptSync(PASSWORD, Buffer.from(salt, 'base64'), 32, cost).toString('base64')).toBe(found);
    expect(await digestPassword(PASSWORD)).not.toBe(digest);
  });
});

describe('matchesPassword()', () => {
  it('takes the password, also from a keyboard that composes letters otherwise, and no other', async () => {
    const digest = await digestPassword('Zürich liegt am See');
    expect(await matchesPassword('Zu\u0308rich liegt am See', digest)).toBe(true);
    expect(await matchesPassword('Zurich liegt am See', digest)).toBe(false);
    expect(await matchesPassword('', digest)).toBe(false);
    expect(await matchesPassword(`${'x'.repeat(1e6)}`, digest)).toBe(false);
    expect(await matchesPassword('\ud800', digest)).toBe(false);
  });

  it('goes by the parameters of the digest, as far as they are sane', async () => {
    const salt = Buffer.from('0123456789abcdef');
    const weak = scryptSync(PASSWORD, salt, 32, { N: 16, r: 1, p: 1 }).toString('base64');
    const text = (cost: string) => `scrypt$${cost}$${salt.toString('base64')}$${weak}`;
    expect(await matchesPassword(PASSWORD, text('ln=4,r=1,p=1'))).toBe(true);
    expect(await matchesPassword(PASSWORD, text('ln=5,r=1,p=1'))).toBe(false);
    for (const cost of ['ln=30,r=8,p=1', 'ln=0,r=8,p=1', 'ln=4,r=99,p=1', 'ln=4,r=1,p=0', 'n=4']) {
      await expect(matchesPassword(PASSWORD, text(cost))).rejects.toMatchObject({ code: 'internal-error' });
    }
  });

  it('takes about as long for a name that nobody has', async () => {
    const digest = await digestPassword(PASSWORD);
    const known = await medianMs(() => matchesPassword('a wrong password', digest));
    const unknown = await medianMs(() => matchesPassword('a wrong password', null));
    expect(unknown / known).toBeGreaterThan(0.5);
    expect(unknown / known).toBeLessThan(2);
  });
});
