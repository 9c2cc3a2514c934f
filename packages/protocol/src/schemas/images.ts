import { Type, type Static } from 'typebox';
import { GuestView } from './guest.ts';
import { LayerView } from './preflight.ts';
import { answered, asked, CURSOR, LIMIT, nullable, pageOf, text } from './shapes.ts';

/** An image that a preflight or a migration has looked at, as it was found the last time. */
export const SeenImageView = answered('SeenImage', {
  id: Type.String(),
  /** Without what opens it: user, password, query. */
  link: Type.String(),
  layers: Type.Array(LayerView),
  fileSize: nullable(Type.Integer()),
  virtualSize: nullable(Type.Integer()),
  /** How it is read, in words. */
  reading: nullable(Type.String()),
  /** Null where it was not looked into. */
  guest: nullable(GuestView),
  /** How many checks of it forbid a migration, and how many warn. */
  blocks: Type.Integer(),
  warnings: Type.Integer(),
  /** Milliseconds since 1970. */
  firstSeenAt: Type.Integer(),
  seenAt: Type.Integer(),
  seenBy: Type.String(),
  /** The migration that looked at it last; null where only preflights did. */
  migration: nullable(Type.String()),
});
export type SeenImageView = Static<typeof SeenImageView>;
export const SeenImagePage = pageOf('SeenImagePage', SeenImageView);

export const SeenImageQuery = asked('SeenImageQuery', {
  /** In the link, whatever the case. */
  text: Type.Optional(text(200)),
  cursor: CURSOR,
  limit: LIMIT,
});
