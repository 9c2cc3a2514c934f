// Where a thread of workshop.ts begins. Plain JavaScript, because what was compiled must be asked for before any
// TypeScript is read: stripping types costs a thread 40 MiB that it never gives back.
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./workshop-tasks.ts');
