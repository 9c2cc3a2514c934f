import { Command } from 'commander';
import type { Context } from '../context.ts';
import { addConnectionFlags } from './connection-flags.ts';
import { addRequestFlags } from '../verbs/migrations/request-flags.ts';

const LANDS = {
  instance: ['an image onto the system volume of an instance', 'INSTANCE'],
  data: ['an image onto a volume', 'VOLUME'],
} as const;
const KINDS = ['instance', 'data'] as const;

/** `migrate`, `preflight` and `migrations`. What a verb needs is loaded when it is called. */
export function addMigrationVerbs(program: Command, context: Context): void {
  const migrate = program.command('migrate').description('have the service land an image: it goes on by itself');
  const preflight = program.command('preflight').description('what the service would find; changes nothing');
  for (const kind of KINDS) {
    const [what, target] = LANDS[kind];
    const verb = addRequestFlags(describe(migrate, kind, what).argument('<LINK>').argument(`<${target}>`), kind)
      .option('--yes', 'accept every warning; they are shown')
      .option('--detach', 'do not watch it')
      .option('--idempotency-key <KEY>', 'the same key creates it once, however often this is run');
    verb.action(async (link, to, flags) => {
      const { migrate: run } = await import('../verbs/migrations/create.ts');
      await run({ kind, link, target: to }, flags, context);
    });
    addRequestFlags(describe(preflight, kind, what).argument('<LINK>').argument(`<${target}>`), kind).action(
      async (link, to, flags) => {
        const { preflight: run } = await import('../verbs/migrations/create.ts');
        await run({ kind, link, target: to }, flags, context);
      },
    );
  }
  addListVerbs(program.command('migrations').description('the migrations of the service'), context);
}

function describe(parent: Command, name: string, text: string): Command {
  return addConnectionFlags(parent.command(name).description(text));
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function addListVerbs(migrations: Command, context: Context): void {
  describe(migrations, 'list', 'newest first')
    .option('--state <STATE>', 'only in this state; may be repeated', collect)
    .option('--kind <KIND>', 'instance or data')
    .option('--text <TEXT>', 'in the name')
    .option('--resource <NAME>', 'onto volume:ID or instance:ID')
    .option('--limit <N>', 'at most so many (default 50)')
    .option('--cursor <CURSOR>', 'the next page')
    .action(async (flags) => (await import('../verbs/migrations/list.ts')).list(flags, context));
  describe(migrations, 'show', 'one of them, with what its disk holds and what can be done')
    .argument('<ID>')
    .action(async (id, flags) => (await import('../verbs/migrations/list.ts')).show(id, flags, context));
  describe(migrations, 'watch', 'its progress, until it is over or needs somebody')
    .argument('<ID>')
    .action(async (id, flags) => (await import('../verbs/migrations/watch.ts')).watch(id, flags, context));
  describe(migrations, 'events', 'what happened, in order')
    .argument('<ID>')
    .action(async (id, flags) => (await import('../verbs/migrations/list.ts')).events(id, flags, context));
  describe(migrations, 'log', 'what the workers said: the newest thousand lines')
    .argument('<ID>')
    .option('--follow', 'and what they say from now on, until it is over')
    .action(async (id, flags) => (await import('../verbs/migrations/log.ts')).log(id, flags, context));
  describe(migrations, 'receipt', 'the signed receipt of one that succeeded')
    .argument('<ID>')
    .option('--out <FILE>', 'into a new file')
    .action(async (id, flags) => (await import('../verbs/migrations/list.ts')).receipt(id, flags, context));
  addActions(migrations, context);
}

const ACTIONS = {
  pause: 'stop after what is in flight; resume goes on from there',
  cancel: 'give it up; says what the disk then holds',
  retry: 'try one again that failed or was cancelled',
} as const;

function addActions(migrations: Command, context: Context): void {
  for (const action of ['pause', 'cancel', 'retry'] as const) {
    describe(migrations, action, ACTIONS[action])
      .argument('<ID...>')
      .action(async (ids, flags) => (await import('../verbs/migrations/act.ts')).act(action, ids, flags, context));
  }
  describe(migrations, 'resume', 'go on')
    .argument('<ID...>')
    .option('--accept <CODE>', 'a warning that it waits for, and that is accepted; may be repeated', collect)
    .action(async (ids, flags) => (await import('../verbs/migrations/act.ts')).resume(ids, flags, context));
  describe(migrations, 'replace-link', 'a new link to the same object')
    .argument('<ID>')
    .argument('<LINK>')
    .option('--image <N>', 'which image, counted from 1')
    .option('--credentials <FILE>', 'a file with accessKeyId=, secretAccessKey= and sessionToken= lines')
    .option('--header <LINE>', 'sent with every HTTP request, as "Name: value"; may be repeated', collect)
    .action(async (id, link, flags) => {
      return (await import('../verbs/migrations/act.ts')).replaceLink(id, link, flags, context);
    });
  describe(migrations, 'bandwidth', 'bytes a second from now on, such as 50M, or none')
    .argument('<ID>')
    .argument('<RATE>')
    .action(async (id, rate, flags) => {
      return (await import('../verbs/migrations/act.ts')).changeBandwidth(id, rate, flags, context);
    });
}
