import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addConnectionFlags } from './connection-flags.ts';

const verbs = () => import('../verbs/images.ts');

/** `images`: what checks and migrations have looked at. */
export function addImageVerbs(program: Command, context: Context): void {
  const images = program.command('images').description('the images that the service has looked at');
  const describe = (name: string, text: string) => addConnectionFlags(images.command(name).description(text));
  describe('list', 'newest first')
    .option('--text <TEXT>', 'in the link')
    .option('--limit <N>', 'at most so many (default 50)')
    .option('--cursor <CURSOR>', 'the next page')
    .action(async (flags) => (await verbs()).listImages(flags, context));
  describe('show', 'what was found inside')
    .argument('<ID>')
    .action(async (id, flags) => (await verbs()).showImage(id, flags, context));
  describe('forget', 'off the list; the image itself is not touched')
    .argument('<ID>')
    .action(async (id, flags) => (await verbs()).forgetImage(id, flags, context));
}
