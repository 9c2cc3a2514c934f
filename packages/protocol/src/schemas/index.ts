/** The schemas of the REST API: what may be asked, and what is answered. */
export * from './check.ts';
export * from './guest.ts';
export * from './images.ts';
export * from './log-line.ts';
export * from './migration.ts';
export * from './migration-request.ts';
export * from './people.ts';
export * from './places.ts';
export * from './preflight.ts';
export * from './problem.ts';
export * from './receipt.ts';
export * from './settings.ts';
export * from './shapes.ts';
