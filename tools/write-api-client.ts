import { writeFileSync } from 'node:fs';
import { GENERATED, generateClientTypes } from './api-client/generate.ts';

/** `npm run api:client`: writes the types of the API for its client. */
const text = await generateClientTypes();
writeFileSync(GENERATED, text);
console.log(`${GENERATED}: ${text.split('\n').length} lines`);
