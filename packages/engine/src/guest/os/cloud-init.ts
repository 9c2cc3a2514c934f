import { textFile, textFiles } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { CloudInit, Fact } from '../report.ts';
import { shown } from '../text.ts';
import { hasAny } from './find-root.ts';

const PROGRAMS = ['/usr/bin/cloud-init', '/usr/local/bin/cloud-init', '/bin/cloud-init', '/etc/cloud/cloud.cfg'];

/** Whether cloud-init is there and where it looks for its data. The last file that names a list wins, as it does there. */
export async function readCloudInit(files: Filesystem): Promise<Fact<CloudInit>> {
  const from = '/etc/cloud';
  if (!(await hasAny(files, PROGRAMS)))
    return { value: { installed: false, disabled: false, datasources: null }, from };
  const texts = [
    (await textFile(files, '/etc/cloud/cloud.cfg')) ?? '',
    ...(await textFiles(files, '/etc/cloud/cloud.cfg.d', /\.cfg$/)).map(({ text }) => text),
  ];
  const lists = texts.map(datasourcesOf).filter((list) => list !== undefined);
  const disabled = await hasAny(files, ['/etc/cloud/cloud-init.disabled']);
  return { value: { installed: true, disabled, datasources: lists.at(-1) ?? null }, from };
}

/** `datasource_list: [ A, B ]`, or one in a line. */
export function datasourcesOf(text: string): readonly string[] | undefined {
  const plain = text.replaceAll(/^\s*#.*$/gm, '');
  const inline = /^datasource_list:\s*\[([^\]]{0,2000})\]/m.exec(plain)?.[1];
  const names = inline?.split(',') ?? itemsBehind(plain, 'datasource_list:');
  return names
    ?.map((name) => shown(name.replaceAll(/["'\s]/g, ''), 40))
    .filter((name) => name !== '')
    .slice(0, 32);
}

/** The items of a YAML list that stands under its key. */
function itemsBehind(text: string, key: string): string[] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const at = lines.indexOf(key);
  if (at < 0) return undefined;
  const behind = lines.slice(at + 1, at + 33);
  const end = behind.findIndex((line) => !line.startsWith('- '));
  return (end < 0 ? behind : behind.slice(0, end)).map((line) => line.slice(2));
}
