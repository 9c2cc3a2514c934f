import { Type, type Static } from 'typebox';
import { PROVE_BOOT } from '../boot-proof.ts';
import { asked, Id, nullable, oneOf, text, whole } from './shapes.ts';

/** Opens the source; sealed at once and never shown again. */
export const SourceCredentials = asked('SourceCredentials', {
  accessKeyId: text(4096, 1),
  secretAccessKey: text(4096, 1),
  sessionToken: Type.Optional(text(16_384, 1)),
});

/** Sent with every request to the host of the link. */
export const SourceHeaders = Type.Record(Type.String({ pattern: '^[A-Za-z0-9-]{1,100}$' }), text(4096), {
  maxProperties: 32,
  additionalProperties: false,
});

const SECRETS = {
  credentials: Type.Optional(nullable(SourceCredentials)),
  headers: Type.Optional(nullable(SourceHeaders)),
};

const LINK = text(8192, 1);

export const SourceInput = asked('SourceInput', {
  link: LINK,
  ...SECRETS,
  checksum: Type.Optional(nullable(text(200, 1))),
  format: Type.Optional(nullable(text(20, 1))),
  member: Type.Optional(nullable(text(1000, 1))),
  region: Type.Optional(nullable(text(100, 1))),
  endpoint: Type.Optional(nullable(text(1000, 1))),
  pathStyle: Type.Optional(Type.Boolean({ default: false })),
});

/** A volume, or an instance: then its system volume. */
export const TargetInput = asked('TargetInput', {
  volume: Type.Optional(Id),
  instance: Type.Optional(Id),
});

export const OptionsInput = asked('OptionsInput', {
  runningInstance: Type.Optional(oneOf(['refuse', 'stop', 'force'])),
  startAfterwards: Type.Optional(Type.Boolean()),
  verify: Type.Optional(oneOf(['none', 'written', 'full'])),
  proveBoot: Type.Optional(oneOf(PROVE_BOOT)),
  bandwidth: Type.Optional(nullable(whole(1))),
  notBefore: Type.Optional(nullable(whole(0, 8_640_000_000_000_000))),
  priority: Type.Optional(whole(-1000, 1000)),
  accept: Type.Optional(Type.Array(text(100, 1), { maxItems: 100 })),
});

export const MigrationInput = asked('MigrationInput', {
  name: text(200, 1),
  kind: oneOf(['instance', 'data']),
  images: Type.Array(asked('ImageInput', { source: SourceInput, target: TargetInput }), { minItems: 1, maxItems: 32 }),
  options: Type.Optional(OptionsInput),
});

/** As for creating; a name is not needed. */
export const PreflightInput = asked('PreflightInput', {
  ...MigrationInput.properties,
  name: Type.Optional(text(200, 1)),
});

export const ReplaceLinkInput = asked('ReplaceLinkInput', {
  image: Type.Optional(Type.Integer({ minimum: 0, maximum: 31, default: 0 })),
  link: LINK,
  ...SECRETS,
});

/** Codes of warnings that are accepted from now on; may be given several times. */
export const ResumeQuery = asked('ResumeQuery', {
  accept: Type.Optional(Type.Array(text(100, 1), { maxItems: 100 })),
});

export const ChangeBandwidthInput = asked('ChangeBandwidthInput', { bandwidth: nullable(whole(1)) });

export type MigrationInput = Static<typeof MigrationInput>;
export type PreflightInput = Static<typeof PreflightInput>;
export type SourceInput = Static<typeof SourceInput>;
export type TargetInput = Static<typeof TargetInput>;
export type ReplaceLinkInput = Static<typeof ReplaceLinkInput>;
