import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GENERATED, generateClientTypes } from './api-client/generate.ts';

it('the types of the client are those of the server: npm run api:client', async () => {
  expect(readFileSync(GENERATED, 'utf8')).toBe(await generateClientTypes());
});
