import type { BootProof } from '@diskferry/protocol';
import { ServiceError } from '../../base/errors.ts';
import { BOOT_FAILED, bootFailed } from '../../migrations/boot-proof.ts';
import type { WorkerEvent } from '../../migrations/event.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { Obstacle } from '../failures.ts';
import { instancesOf } from '../holds.ts';
import type { Work } from '../work.ts';
import type { DoStage } from './stage.ts';

const UNPROVED = 'boot-unproved';
/** Of the evidence: what fits into a sentence. */
const LAST_LINES = 3;

/**
 * Starts a copy of what has landed. What failed before and was accepted since is not started again; what cannot be told is
 * no reason to stop.
 * @throws Obstacle where it did not come up, and where it has to be proved and cannot be
 */
export const proving: DoStage = async (work) => {
  const { lease } = work;
  const { bootProof, options } = lease.migration;
  if (bootProof?.verdict === 'failed' && options.accept.includes(BOOT_FAILED))
    return { kind: 'proved', proof: bootProof };
  const event = await proved(work);
  if (!bootFailed({ bootProof: event.proof, options })) return event;
  await lease.append(event);
  throw obstacle(BOOT_FAILED, `${event.proof.reached}: ${event.proof.evidence.slice(-LAST_LINES).join(' | ')}`);
};

async function proved(work: Work): Promise<WorkerEvent & { readonly kind: 'proved' }> {
  const { lease, shared, signal } = work;
  const { provider, times } = shared;
  const [instance] = instancesOf(lease.migration);
  const { proveBoot } = provider.features;
  if (proveBoot === undefined || instance === undefined) return cannot(work, `${provider.name} cannot start a copy`);
  try {
    const { screenshot, ...found } = await proveBoot(instance, { holder: lease.id, withinMs: times.proof, signal });
    const proof = { ...found, screenshot: screenshot !== undefined };
    return { kind: 'proved', proof, ...(screenshot && { screenshot: Buffer.from(screenshot).toString('base64') }) };
  } catch (error) {
    const isMissing = error instanceof ProviderError && MISSING.includes(error.code);
    if (isMissing && !signal.aborted) return cannot(work, `${error.message} (${error.code})`);
    throw error;
  }
}

/** It is not that the disks do not start: nothing here could start them. */
const MISSING: readonly string[] = ['hypervisor-missing', 'guest-not-started'];

/** @throws Obstacle where it has to be proved */
function cannot({ lease }: Work, why: string): WorkerEvent & { readonly kind: 'proved' } {
  const { proveBoot, accept } = lease.migration.options;
  if (proveBoot === 'always' && !accept.includes(UNPROVED)) throw obstacle(UNPROVED, why);
  const evidence = [why.replace(/\p{Cc}/gu, ' ').slice(0, 400)];
  const proof: BootProof = {
    verdict: 'unknown',
    reached: 'nothing',
    evidence,
    seconds: 0,
    accelerator: 'none',
    screenshot: false,
  };
  return { kind: 'proved', proof };
}

function obstacle(code: typeof UNPROVED | typeof BOOT_FAILED, message: string): Obstacle {
  const { remedy: hint } = new ServiceError(code, message);
  return new Obstacle({ code, message, hint, remedy: { kind: 'wait', for: 'person' } });
}
