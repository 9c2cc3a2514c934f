import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

/** Builds the console where it was never built, or something that it is made of has changed since. */
const root = import.meta.dirname;
const made = join(root, 'dist/index.html');
const sources = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'package.json',
  'guides',
  '../protocol/src',
  '../../docs',
];

if (!existsSync(made) || newest(sources.map((name) => join(root, name))) > statSync(made).mtimeMs) {
  await build({ root, logLevel: 'warn' });
}

function newest(paths: readonly string[]): number {
  const times = paths.map((path) => {
    const stats = statSync(path);
    if (!stats.isDirectory()) return stats.mtimeMs;
    return newest(readdirSync(path).map((name) => join(path, name)));
  });
  return Math.max(0, ...times);
}
