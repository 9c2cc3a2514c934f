import type { Bandwidth, RetryEvent, Source } from '@diskferry/engine';
import type { ImageSource } from '../migrations/migration.ts';
import type { Secret } from '../secrets/secret.ts';

/** What the administrator allows besides public addresses. */
export interface SourceRules {
  /** Hosts that may lie on private, loopback and link-local addresses: names or literal addresses. */
  readonly allowHosts: readonly string[];
  /** Ranges of addresses that are allowed, as `10.0.0.0/8`. */
  readonly allowRanges: readonly string[];
  /** `file:` links are allowed below these folders, links resolved. */
  readonly folders: readonly string[];
  /** Authorities to trust besides the system's, PEM. */
  readonly ca?: string;
}

/**
 * Opens what an image comes from, as far as the rules allow. Nothing is asked of the network yet; what is asked later and
 * not allowed is a DiskferryError `source-address` or `source-folder`.
 * @throws ServiceError `invalid-request`, `source-not-allowed`, `secret-unreadable`
 */
export type OpenImageSource = (
  source: ImageSource,
  how: {
    readonly secret: Secret | null;
    readonly connections?: number;
    /** Each of them holds; all are shared with whoever else has them. */
    readonly bandwidths?: readonly Bandwidth[];
    readonly count?: (bytes: number) => void;
    /** For a look beforehand: gives up within seconds. */
    readonly hurried?: boolean;
    /** Told before a request is sent again. */
    readonly onRetry?: (event: RetryEvent) => void;
  },
) => Promise<Source>;
