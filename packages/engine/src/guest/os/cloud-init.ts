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
  const inline = /^datasource_list:\s*\[([^\]]*)\]/m.exec(plain)?.[1];
  const block = /^datasource_list:\s*\n((?:\s*-\s*\S+\s*\n?)+)/m.exec(plain)?.[1];
  const names = inline?.split(',') ?? block?.split('\n').map((line) => line.replace(/^\s*-\s*/, ''));
  return names
    ?.map((name) => shown(name.replaceAll(/["'\s]/g, ''), 40))
    .filter((name) => name !== '')
    .slice(0, 32);
}
