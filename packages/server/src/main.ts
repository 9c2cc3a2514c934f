import { serve } from './service/serve.ts';
import { endSignal } from './service/end-signal.ts';

/** `npm start`: the service, until Ctrl-C or SIGTERM. */
try {
  await serve(process.env, endSignal());
} catch (error) {
  const {
    code = 'internal-error',
    message,
    remedy = '',
  } = error as { code?: string; message: string; remedy?: string };
  process.stderr.write(`diskferry: ${message}\n${remedy === '' ? '' : `  ${remedy}\n`}  [${code}]\n`);
  process.exitCode = 1;
}
