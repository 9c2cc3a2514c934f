import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { startTestServer } from '../packages/engine/testing/test-server.ts';
import { StartedService } from '../packages/server/testing/started-service.ts';
import { landDataDisks } from './demo/land-data.ts';
import { landGuest } from './demo/land-guest.ts';
import { makeSamples } from './demo/samples.ts';
import { say } from './demo/say.ts';

/**
 * `npm run demo`: the main job in about a minute, with the real service and the real command. It makes sample images, serves
 * them over HTTP on the loopback, lands one on the system volume of an instance and two on data volumes, starts the
 * instance, and shows what its serial console says. `--keep` leaves the service running until Ctrl-C.
 */
const folder = await mkdtemp(join(tmpdir(), 'diskferry-demo-'));
const isKept = process.argv.includes('--keep') || (process.stdin.isTTY === true && process.stdout.isTTY === true);
try {
  say('1. Sample images are made and served over HTTP on the loopback.');
  const samples = await makeSamples(folder);
  await using server = await startTestServer();
  const link = (name: string, content: Uint8Array) => server.serve(`/${name}`, { content, etag: `"${name}"` });
  await using service = await StartedService.start(folder);
  const instance = await landGuest(service, samples.system, link);
  await landDataDisks(service, samples.data, link);
  say(`The service is at ${service.address}, with its API described at ${service.address}/api/v1/docs.`);
  if (isKept) await keep(service);
  if (instance !== undefined) await service.run('instances', 'stop', instance, '--grace', '5');
} finally {
  await rm(folder, { recursive: true, force: true });
  say(`All that was made in ${folder} is deleted.`);
}

async function keep(service: StartedService): Promise<void> {
  say(
    `Sign in with ${service.signInLink}\nThe command finds it with:\n  export DISKFERRY_DATA=${service.data} DISKFERRY_SERVER=${service.address}`,
  );
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    await terminal.question('Enter ends it and deletes everything. ');
  } finally {
    terminal.close();
  }
}
