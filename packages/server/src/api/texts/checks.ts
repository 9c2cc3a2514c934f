import type { Check } from '@diskferry/protocol';
import type { CheckView } from '@diskferry/protocol/schemas';
import type { Language } from '../language.ts';

/** Checks as they are shown: what was looked at and what to do in the language that was asked for, evidence as found. */
export function checksIn(checks: readonly Check[], _language: Language): CheckView[] {
  return checks.map((check) => ({ ...check }));
}
