import type { WorkerEvent } from '../../migrations/event.ts';
import type { Work } from '../work.ts';

/** Does a stage, and gives the event that ends it. What it throws is judged in failures.ts. */
export type DoStage = (work: Work) => Promise<WorkerEvent>;
