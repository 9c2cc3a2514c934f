import { Type, type Static } from 'typebox';
import { WAITING_REASONS } from '../migration-state.ts';
import { VERDICTS } from '../preflight.ts';
import { answered, nullable, oneOf } from './shapes.ts';

export const CheckView = answered('Check', {
  code: Type.String(),
  verdict: oneOf(VERDICTS),
  image: nullable(Type.Integer()),
  title: Type.String(),
  evidence: Type.String(),
  remedy: nullable(Type.String()),
  waitsFor: Type.Optional(oneOf(WAITING_REASONS)),
});
export type CheckView = Static<typeof CheckView>;

export const ForecastView = answered('Forecast', {
  seconds: Type.Object({ low: Type.Number(), high: Type.Number() }, { additionalProperties: false }),
  basis: Type.String(),
});
export type ForecastView = Static<typeof ForecastView>;
