import { serve } from './service/serve.ts';
import { endSignal } from './service/end-signal.ts';

/** `npm start`: the service, until Ctrl-C or SIGTERM. */
const end = endSignal();
try {
  await serve(process.env, end);
} catch (error) {
  // Told to end while it still waited for its database: that is no fault.
  if (!end.aborted || (error as Error).name !== 'AbortError') report(error);
}

function report(error: unknown): void {
  const said = error as { code?: string; message: string; remedy?: string; hint?: string };
  const todo = said.remedy ?? said.hint ?? '';
  const lines = [
    `diskferry: ${said.message}`,
    ...(todo === '' ? [] : [`  ${todo}`]),
    `  [${said.code ?? 'internal-error'}]`,
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = 1;
}
