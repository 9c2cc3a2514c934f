import { pino, type Logger } from 'pino';
import type { LogLevel } from '../configuration/configuration.ts';

/** Fields that are left out of every line, should one ever get there. */
const SECRETS = ['authorization', 'cookie', 'password', 'secret', 'token', 'credentials', 'secretAccessKey'];

/** Lines of JSON on standard error, each with the id of the migration that it is about. */
export function openLog(level: LogLevel): Logger {
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
  return pino(
    { level, base: null, redact: { paths, remove: true }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  );
}
