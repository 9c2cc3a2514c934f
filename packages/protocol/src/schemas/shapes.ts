import { Type, type Static, type TSchema } from 'typebox';

/** What the schemas are made of. A schema with a `title` becomes a named component of the OpenAPI document. */

/** No control characters; lengths are counted in characters. */
export function text(most: number, least = 0) {
  return Type.String({ minLength: least, maxLength: most, pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$' });
}

export function oneOf<const Values extends readonly string[]>(values: Values) {
  return Type.Unsafe<Values[number]>({ type: 'string', enum: [...values] });
}

export function nullable<Schema extends TSchema>(schema: Schema) {
  return Type.Union([schema, Type.Null()]);
}

/** A whole number that is exact: bytes, milliseconds since 1970, counts. */
export function whole(least = 0, most = Number.MAX_SAFE_INTEGER) {
  return Type.Integer({ minimum: least, maximum: most });
}

/** What is asked for: a property that nobody knows is an error, not silently dropped. */
export function asked<Properties extends Record<string, TSchema>>(title: string, properties: Properties) {
  return Type.Object(properties, { title, additionalProperties: false });
}

/** What is answered. */
export function answered<Properties extends Record<string, TSchema>>(title: string, properties: Properties) {
  return Type.Object(properties, { title, additionalProperties: false });
}

/** One page of a list; `next` is the cursor of the page behind it. */
export function pageOf<Item extends TSchema>(title: string, item: Item) {
  return answered(title, { items: Type.Array(item), next: nullable(Type.String()) });
}

/** A list that is answered whole. */
export function listOf<Item extends TSchema>(title: string, item: Item) {
  return answered(title, { items: Type.Array(item) });
}

export const Id = text(200, 1);
export const ById = asked('ById', { id: Id });

export const CURSOR = Type.Optional(Type.String({ minLength: 1, maxLength: 500, pattern: '^[A-Za-z0-9_-]+$' }));
export const LIMIT = Type.Integer({ minimum: 1, maximum: 500, default: 50 });

export type ById = Static<typeof ById>;
