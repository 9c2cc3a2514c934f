/** What the tests of the engine have for disks, for those of the worker as well. */
export { diskContent } from '../../engine/testing/disk-content.ts';
export { faultyTarget, type Fault } from '../../engine/testing/faulty-target.ts';
export { MemoryCheckpoint } from '../../engine/testing/memory-checkpoint.ts';
