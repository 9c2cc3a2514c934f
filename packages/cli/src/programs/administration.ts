import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { addConnectionFlags } from './connection-flags.ts';

const administration = () => import('../verbs/people/administration.ts');
const tokenVerbs = () => import('../verbs/people/tokens.ts');
const userVerbs = () => import('../verbs/people/users.ts');

/** `tokens`, `users`, `workers`, `audit` and `settings`. */
export function addAdministrationVerbs(program: Command, context: Context): void {
  addTokens(program.command('tokens').description('what programs sign in with'), context);
  addUsers(program.command('users').description('who may come in'), context);
  describe(program, 'workers', 'who does migrations now').action(async (flags) =>
    (await administration()).listWorkers(flags, context),
  );
  describe(program, 'audit', 'who changed what, newest first')
    .option('--limit <N>', 'at most so many (default 50)')
    .option('--cursor <CURSOR>', 'the next page')
    .option('--who <NAME>', 'only what this one did')
    .action(async (flags) => (await administration()).listAudit(flags, context));
  const settings = program.command('settings').description('limits that change while the service runs');
  describe(settings, 'show', 'as JSON').action(async (flags) => (await administration()).showSettings(flags, context));
  describe(settings, 'write', 'all of them, from a file as show prints it')
    .argument('<FILE>')
    .action(async (file, flags) => (await administration()).writeSettings(file, flags, context));
}

function describe(parent: Command, name: string, text: string): Command {
  return addConnectionFlags(parent.command(name).description(text));
}

function addTokens(tokens: Command, context: Context): void {
  describe(tokens, 'list', 'all of them').action(async (flags) => (await tokenVerbs()).listTokens(flags, context));
  describe(tokens, 'create', 'a new one; its secret is shown once')
    .argument('<NAME>')
    .option('--role <ROLE>', 'admin, operator (default) or viewer')
    .option('--days <N>', 'valid for so long (default: until it is deleted)')
    .action(async (name, flags) => (await tokenVerbs()).createToken(name, flags, context));
  describe(tokens, 'delete', 'it is worth nothing from then on')
    .argument('<ID>')
    .action(async (id, flags) => (await tokenVerbs()).deleteToken(id, flags, context));
}

function addUsers(users: Command, context: Context): void {
  describe(users, 'list', 'all of them').action(async (flags) => (await userVerbs()).listUsers(flags, context));
  describe(users, 'create', 'a new one; the password comes from standard input')
    .argument('<NAME>')
    .option('--role <ROLE>', 'admin, operator (default) or viewer')
    .action(async (name, flags) => (await userVerbs()).createUser(name, flags, context));
  describe(users, 'change', 'role, password, or whether it may sign in')
    .argument('<ID>')
    .option('--role <ROLE>', 'admin, operator or viewer')
    .option('--password', 'a new one, from standard input')
    .option('--disable', 'may not sign in any more')
    .option('--enable', 'may sign in again')
    .action(async (id, flags) => (await userVerbs()).changeUser(id, flags, context));
  describe(users, 'delete', 'for good')
    .argument('<ID>')
    .action(async (id, flags) => (await userVerbs()).deleteUser(id, flags, context));
  describe(users, 'sign-in-link', 'a link that signs this user in once')
    .argument('<ID>')
    .action(async (id, flags) => (await userVerbs()).signInLink(id, flags, context));
}
