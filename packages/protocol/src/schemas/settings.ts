import { Type, type Static } from 'typebox';
import { asked, nullable, whole } from './shapes.ts';

const Rate = nullable(whole(1));
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' });

const LimitInput = asked('Limit', {
  rate: Rate,
  windows: Type.Array(asked('RateWindow', { from: TimeOfDay, to: TimeOfDay, rate: Rate }), { maxItems: 24 }),
});

export const SettingsShape = asked('Settings', {
  bandwidth: asked('BandwidthSettings', {
    global: LimitInput,
    hosts: Type.Record(Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f]{1,255}$' }), LimitInput, {
      maxProperties: 1000,
      additionalProperties: false,
    }),
  }),
  concurrency: asked('ConcurrencySettings', {
    worker: whole(1, 1000),
    host: nullable(whole(1, 1000)),
    provider: nullable(whole(1, 1000)),
  }),
});

/** Written back with the version that was read: somebody else's change in between is not undone. */
export const VersionedSettings = asked('VersionedSettings', { settings: SettingsShape, version: whole(0) });
export type VersionedSettings = Static<typeof VersionedSettings>;
