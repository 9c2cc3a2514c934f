import { describeOccupant } from '@diskferry/engine';
import { ProviderError } from '../providers/provider-error.ts';
import type { Provider } from '../providers/provider.ts';

const IN_USE = 'its instance runs, so that nobody else can look at what it holds';

/**
 * What lies on a volume and would be overwritten: null where it is blank, undefined where it cannot be looked at. What an
 * instance runs from is not blank.
 */
export async function occupantOf(
  provider: Pick<Provider, 'openVolume'>,
  volume: string,
  how: { readonly holder?: string; readonly signal?: AbortSignal },
): Promise<string | null | undefined> {
  try {
    await using target = await provider.openVolume(volume, how);
    if (target.readBack === undefined) return undefined;
    const { isBlank, sentence } = await describeOccupant(target.readBack, how.signal);
    return isBlank ? null : sentence;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return error.code === 'instance-running' ? IN_USE : undefined;
  }
}
