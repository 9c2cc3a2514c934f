import { writeSync } from 'node:fs';
import { openLocal } from './local-cloud.ts';

/** `local-starter.ts FOLDER INSTANCE KEY`: a service that starts an instance, says so before and after, and stays. */
const [folder = '', instance = '', key = ''] = process.argv.slice(2);
const provider = await openLocal(folder);
writeSync(1, 'starting\n');
await provider.startInstance(instance, { key });
writeSync(1, 'started\n');
setInterval(() => {}, 1000);
