import { Type, type Static } from 'typebox';
import { CheckView, ForecastView } from './check.ts';
import { GuestView } from './guest.ts';
import { answered, nullable } from './shapes.ts';

export const LayerView = answered('Layer', {
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
      /** What is inside; null where it was not looked into. */
      guest: nullable(GuestView),
    }),
  ),
  instanceRuns: Type.Boolean(),
});
export type PreflightView = Static<typeof PreflightView>;
