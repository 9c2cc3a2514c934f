import { Type, type Static } from 'typebox';
import { CheckView } from './check.ts';
import { answered } from './shapes.ts';

/** RFC 9457. `code` is stable; `title` and `remedy` are in the language that was asked for, `detail` as it was found. */
export const Problem = answered('Problem', {
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
  remedy: Type.String(),
  /** What is wrong in the request; `pointer` is a JSON pointer into its body, or names a parameter. */
  errors: Type.Optional(
    Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }, { additionalProperties: false })),
  ),
  checks: Type.Optional(Type.Array(CheckView)),
  /** Why an action is not allowed. */
  refusal: Type.Optional(Type.Object({ code: Type.String(), reason: Type.String() }, { additionalProperties: false })),
  /** Who holds the lock. */
  holder: Type.Optional(Type.String()),
  /** Seconds after which another try makes sense. */
  retryAfter: Type.Optional(Type.Integer()),
  /** Stands in the log beside what happened. */
  incident: Type.Optional(Type.String()),
});
export type Problem = Static<typeof Problem>;
