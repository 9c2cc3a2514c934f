/** The migration belongs, or may belong, to another worker: nothing of it may be written any more. */
export class LeaseLost extends Error {
  constructor(id: string, why: string, cause?: unknown) {
    super(`the lease of ${id} is lost: ${why}`, cause === undefined ? undefined : { cause });
    this.name = 'LeaseLost';
  }
}
