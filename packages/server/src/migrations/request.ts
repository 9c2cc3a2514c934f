import type { FoundBefore, ImageSource, ImageTarget, MigrationKind, MigrationOptions } from './migration.ts';

/** What a person asks for. */
export interface MigrationRequest {
  readonly name: string;
  /** The name of the user or token that asks. */
  readonly by: string;
  readonly kind: MigrationKind;
  readonly images: readonly RequestedImage[];
  readonly options: MigrationOptions;
  /** What was found before it was created: shown, and nothing is decided by it. A worker looks again. */
  readonly preflight?: FoundBefore;
}

export interface RequestedImage {
  readonly source: ImageSource;
  readonly target: ImageTarget;
}
