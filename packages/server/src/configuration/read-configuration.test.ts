import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unknownVariables, VARIABLES } from './environment.ts';
import { readConfiguration } from './read-configuration.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'diskferry-configuration-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(toml: string, env: Record<string, string> = {}, role: 'service' | 'worker' = 'service') {
  const path = join(folder, 'config.toml');
  await writeFile(path, toml);
  return readConfiguration({ DISKFERRY_CONFIG: path, ...env }, role);
}

describe('the configuration', () => {
  it('needs nothing: one machine, the loopback, SQLite and the local provider in one folder', async () => {
    const data = resolve('.diskferry');
    expect(await readConfiguration({ XDG_CONFIG_HOME: folder }, 'service')).toEqual({
      data,
      database: join(data, 'diskferry.db'),
      listen: {
        host: '127.0.0.1',
        port: 7070,
        tls: undefined,
        plainBeyondLoopback: false,
        publicUrl: undefined,
        hosts: [],
      },
      log: { level: 'info' },
      worker: { enabled: true, labels: [], leaseMs: 30_000, patienceMs: 900_000, proofMs: 120_000 },
      local: { name: 'local', folder: join(data, 'local'), regions: undefined, devices: [] },
      sources: { allowHosts: [], allowRanges: [], folders: [] },
    });
  });

  it('takes the file, and the environment before it', async () => {
    const toml = `
      [service]
      database = "postgres://db/diskferry"
      [service.listen]
      port = 8080
      [service.sources]
      hosts = ["minio.lan"]
      [[service.local.regions]]
      name = "home"
      zones = ["attic", "cellar"]
    `;
    const found = await read(toml, { DISKFERRY_PORT: '9090', DISKFERRY_SOURCE_RANGES: '10.0.0.0/8, fd00::/8' });
    expect(found.database).toBe('postgres://db/diskferry');
    expect(found.listen.port).toBe(9090);
    expect(found.sources).toEqual({ allowHosts: ['minio.lan'], allowRanges: ['10.0.0.0/8', 'fd00::/8'], folders: [] });
    expect(found.local?.regions).toEqual([{ name: 'home', zones: ['attic', 'cellar'] }]);
  });

  it('knows a variable that is misspelt from those of the command and the keys', () => {
    const env = { DISKFERRY_PRT: '1', DISKFERRY_PORT: '1', DISKFERRY_TOKEN: 'x', DISKFERRY_SECRET_KEY: 'y', PATH: '/' };
    expect(unknownVariables(env)).toEqual(['DISKFERRY_PRT']);
  });

  it('takes the times of a worker', async () => {
    const { worker } = await read('[service.worker]\nleaseSeconds = 10\nproofSeconds = 300', {
      DISKFERRY_PATIENCE_SECONDS: '60',
    });
    expect(worker).toMatchObject({ leaseMs: 10_000, patienceMs: 60_000, proofMs: 300_000 });
    expect((await read('', { DISKFERRY_PROOF_SECONDS: '45' })).worker.proofMs).toBe(45_000);
  });

  it('takes the devices that are volumes', async () => {
    const toml = `
      [[service.local.devices]]
      path = "/dev/vg/archive"
      name = "the archive"
      [[service.local.devices]]
      path = "/dev/disk/by-id/wwn-0x5000c500a1b2c3d4"
      name = "the large disk"
      region = "home"
      zone = "cellar"
    `;
    expect((await read(toml)).local?.devices).toEqual([
      { path: '/dev/vg/archive', name: 'the archive', region: undefined, zone: undefined },
      { path: '/dev/disk/by-id/wwn-0x5000c500a1b2c3d4', name: 'the large disk', region: 'home', zone: 'cellar' },
    ]);
  });

  it('leaves the tables of the command alone', async () => {
    expect((await read('[s3]\nregion = "eu-central-1"')).listen.port).toBe(7070);
  });

  it.each([
    ['nonsense', 'is not TOML'],
    ['[service]\ndatabse = "x"', 'service.databse is not known; here data, database, '],
    ['[service]\ndatabase = "mysql://x"', 'service.database is neither'],
    ['[service]\nlisten = 7070', 'service.listen is not a table'],
    ['[service.listen]\nport = "7070"', 'service.listen.port is not a whole number from 0 to 65535'],
    ['[service.listen]\nport = 70700', 'service.listen.port is not'],
    ['[service.listen]\ncertificate = "a.pem"', 'service.listen.key is missing'],
    ['[service.listen]\nhost = "0.0.0.0"', 'service.listen.host is 0.0.0.0, where passwords would travel'],
    ['[service.listen]\nhost = "::"', 'service.listen.host is ::'],
    ['[service.listen]\npublicUrl = "ferry.example"', 'service.listen.publicUrl is not a link'],
    ['[service.log]\nlevel = "loud"', 'service.log.level is not one of trace, debug'],
    ['[service.worker]\nlabels = ["a", 1]', 'service.worker.labels is not a list of texts'],
    ['[service.worker]\nproofSeconds = 5', 'service.worker.proofSeconds is not a whole number from 10 to 3600'],
    ['[service.local]\nname = "Local One"', 'service.local.name is not of small letters'],
    ['[[service.local.regions]]\nname = "a"', 'service.local.regions[0].zones is missing'],
    ['[[service.local.devices]]\nname = "a"', 'service.local.devices[0].path is missing'],
    ['[[service.local.devices]]\npath = "sda"\nname = "a"', 'service.local.devices[0].path is not absolute'],
    ['[[service.local.devices]]\npath = "/dev/sda"', 'service.local.devices[0].name is missing'],
    [
      '[[service.local.devices]]\npath = "/dev/sda"\nname = "a"\nzone = "z"',
      'service.local.devices[0].region is missing',
    ],
    ['[[service.local.devices]]\ndevice = "/dev/sda"', 'service.local.devices[0].device is not known'],
    ['[service.sources]\nca = "/nowhere/ca.pem"', 'service.sources.ca cannot be read'],
  ])('refuses %j, naming the key', async (toml, message) => {
    await expect(read(toml)).rejects.toMatchObject({
      code: 'configuration-invalid',
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ['DISKFERRY_PORT', '80x', 'DISKFERRY_PORT is "80x", not a whole number'],
    ['DISKFERRY_WORKER', 'no', 'DISKFERRY_WORKER is "no"; true and false are known'],
    ['DISKFERRY_HOST', '192.0.2.7', 'service.listen.host is 192.0.2.7'],
  ])('refuses %s=%s', async (variable, value, message) => {
    await expect(read('', { [variable]: value })).rejects.toThrow(message);
  });

  it('listens wider with TLS, or where that is said', async () => {
    const wide = '[service.listen]\nhost = "0.0.0.0"\n';
    expect((await read(`${wide}certificate = "a"\nkey = "b"`)).listen.tls).toEqual({ certificate: 'a', key: 'b' });
    expect((await read(wide, { DISKFERRY_PLAIN_BEYOND_LOOPBACK: '1' })).listen.host).toBe('0.0.0.0');
  });

  it('names the provider of a worker after its machine', async () => {
    const shared = { DISKFERRY_DATABASE: 'postgres://db/diskferry' };
    expect((await read('', shared, 'worker')).local?.name).toMatch(/^local-./);
    expect((await read('', { ...shared, DISKFERRY_LOCAL: 'false' }, 'worker')).local).toBeUndefined();
    await expect(read('', {}, 'worker')).rejects.toThrow('service.database is missing');
  });

  it('has a key for every variable that the file takes too', async () => {
    for (const { key } of Object.values(VARIABLES)) expect(key).toMatch(/^[a-zA-Z]+(\.[a-zA-Z]+)?$/);
  });
});
