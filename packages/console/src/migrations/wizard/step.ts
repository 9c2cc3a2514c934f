import type { MigrationKind } from '../../service/service.ts';
import type { Draft } from './draft.ts';

/** What every step gets. */
export interface StepProps {
  readonly kind: MigrationKind;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}
