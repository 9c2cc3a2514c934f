import { Type, type Static } from 'typebox';
import { CheckView, ForecastView } from './check.ts';
import { answered, nullable } from './shapes.ts';

const LayerView = answered('Layer', {
  kind: Type.String(),
  name: Type.String(),
  size: Type.Optional(Type.Integer()),
  member: Type.Optional(Type.String()),
  subformat: Type.Optional(Type.String()),
});

/** What a preflight found. It has changed nothing. */
export const PreflightView = answered('PreflightReport', {
  /** Whether it could be created now, the warnings in `options.accept` accepted. */
  mayBegin: Type.Boolean(),
  checks: Type.Array(CheckView),
  forecast: nullable(ForecastView),
  images: Type.Array(
    answered('PreflightImage', {
      identity: nullable(Type.String()),
      layers: Type.Array(LayerView),
      fileSize: nullable(Type.Integer()),
      virtualSize: nullable(Type.Integer()),
      reading: nullable(Type.String()),
    }),
  ),
  instanceRuns: Type.Boolean(),
});
export type PreflightView = Static<typeof PreflightView>;
