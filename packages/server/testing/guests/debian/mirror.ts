import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasTool, run } from '../../../../engine/testing/tools.ts';

/** Where apt of this machine has Debian from, and which Debian that is. */
export interface Mirror {
  readonly address: string;
  readonly codename: string;
}

const FIELDS = ['LABEL', 'COMPONENT', 'CODENAME', 'REPO_URI'] as const;
const PATIENCE = ['-o', 'Acquire::Retries=2', '-o', 'Acquire::http::Timeout=10', '-o', 'Acquire::https::Timeout=10'];

/** Undefined where apt knows of none (`apt-get update` was never called), or it does not answer. */
export async function debianMirror(): Promise<Mirror | undefined> {
  const helper = '/usr/lib/apt/apt-helper';
  const mirror = hasTool('apt-get') ? await knownMirror() : undefined;
  if (mirror === undefined) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-mirror-'));
  try {
    const small = `${mirror.address}dists/${mirror.codename}/Release.gpg`;
    await run(helper, [...PATIENCE, 'download-file', small, join(folder, 'answer')]);
    return mirror;
  } catch {
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Updates and security are places of their own: a new Debian needs none of them. */
async function knownMirror(): Promise<Mirror | undefined> {
  const format = FIELDS.map((name) => `$(${name})`).join(' ');
  const said = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']).catch(() => '');
  for (const line of said.split('\n')) {
    const [label, component, codename = '', address = ''] = line.split(' ');
    if (label === 'Debian' && component === 'main' && /^[a-z]+$/.test(codename)) return { address, codename };
  }
  return undefined;
}
