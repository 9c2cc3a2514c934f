import { expect, it } from 'vitest';
import { GuestFault } from '../fault.ts';
import type { NodeKind, Tree, TreeEntry, TreeNode } from './filesystem.ts';
import { Walk } from './walk.ts';

interface Node extends TreeNode {
  readonly entries: () => Iterable<readonly [string, Node]>;
  readonly leads?: string;
}

const node = (kind: NodeKind, entries: Node['entries'] = () => [], leads = ''): Node => ({
  kind,
  size: 0,
  entries,
  leads,
});

/** A tree that says what it likes. */
function walkOver(root: Node): Walk<Node> {
  const tree: Tree<Node> = {
    caseless: false,
    root: async () => root,
    async *entries(directory): AsyncIterable<TreeEntry<Node>> {
      for (const [name, below] of directory.entries()) yield { name, open: async () => below };
    },
    read: async () => {},
    target: async ({ leads = '' }) => leads,
  };
  return new Walk(tree);
}

it('refuses a directory without end', async () => {
  function* endless(): Iterable<readonly [string, Node]> {
    for (let index = 0; ; index++) yield [`${index}`, node('file')];
  }
  await expect(walkOver(node('directory', endless)).list('/')).rejects.toThrow('more than 50000 entries');
});

it('refuses a directory that holds itself, below a depth', async () => {
  const self: Node = node('directory', () => [['a', self]]);
  expect(await walkOver(self).lookup(`/${'a/'.repeat(64)}`)).toMatchObject({ kind: 'directory' });
  await expect(walkOver(self).lookup(`/${'a/'.repeat(65)}`)).rejects.toBeInstanceOf(GuestFault);
});

it('refuses links that lead to each other, or grow', async () => {
  const loop = node('directory', () => [['a', node('symlink', undefined, 'a')]]);
  await expect(walkOver(loop).lookup('/a')).rejects.toThrow('more than 40 symbolic links');
  const growing = node('directory', () => [['a', node('symlink', undefined, 'a/a/a/a/a/a/a/a/a/a')]]);
  await expect(walkOver(growing).lookup('/a')).rejects.toBeInstanceOf(GuestFault);
});

it('takes no name that would leave its directory', async () => {
  const root = node('directory', () => [
    ['../etc', node('file')],
    ['', node('file')],
    ['good', node('file')],
    ['good', node('directory')],
  ]);
  expect(await walkOver(root).list('/')).toEqual(['good']);
  expect(await walkOver(root).lookup('/good')).toMatchObject({ kind: 'file' });
  expect(await walkOver(root).lookup('/../../good')).toMatchObject({ path: '/good' });
});
