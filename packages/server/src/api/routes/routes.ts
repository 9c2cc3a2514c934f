import type { Context } from '../context.ts';
import type { Api } from '../fastify.ts';
import { auditRoutes } from './audit.ts';
import { bootScreenRoutes } from './boot-screen.ts';
import { diskMapRoutes } from './disk-maps.ts';
import { consoleRoutes } from './console.ts';
import { fleetRoutes } from './fleet.ts';
import { healthRoutes } from './health.ts';
import { imageRoutes } from './images.ts';
import { instanceActionRoutes } from './instance-actions.ts';
import { instanceScreenRoutes } from './instance-screen.ts';
import { instanceSerialRoutes } from './instance-serial.ts';
import { instanceTypingRoutes } from './instance-typing.ts';
import { instanceRoutes } from './instances.ts';
import { migrationActionRoutes } from './migration-actions.ts';
import { migrationLogRoutes } from './migration-log.ts';
import { migrationProgressRoutes } from './migration-progress.ts';
import { migrationRoutes } from './migrations.ts';
import { preflightRoutes } from './preflight.ts';
import { receiptRoutes } from './receipts.ts';
import { sessionRoutes } from './session.ts';
import { settingsRoutes } from './settings.ts';
import { tokenRoutes } from './tokens.ts';
import { userRoutes } from './users.ts';
import { volumeActionRoutes } from './volume-actions.ts';
import { volumeRoutes } from './volumes.ts';

/** Everything under /api/v1, in the order of the document. */
export const ROUTES: readonly ((api: Api, context: Context) => void)[] = [
  sessionRoutes,
  preflightRoutes,
  migrationRoutes,
  migrationActionRoutes,
  migrationLogRoutes,
  migrationProgressRoutes,
  receiptRoutes,
  bootScreenRoutes,
  diskMapRoutes,
  instanceRoutes,
  instanceActionRoutes,
  instanceSerialRoutes,
  instanceTypingRoutes,
  instanceScreenRoutes,
  volumeRoutes,
  volumeActionRoutes,
  imageRoutes,
  fleetRoutes,
  settingsRoutes,
  userRoutes,
  tokenRoutes,
  auditRoutes,
];

/** What lies beside /api. */
export function rootRoutes(api: Api, context: Context): void {
  healthRoutes(api, context);
  consoleRoutes(api, context);
}
