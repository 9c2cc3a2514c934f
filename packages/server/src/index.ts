/** What the command uses of the service. */
export { serve } from './service/serve.ts';
export { work } from './service/work.ts';
