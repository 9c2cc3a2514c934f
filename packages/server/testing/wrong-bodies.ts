/** A schema as it stands in a document; `resolve` follows a reference. */
type Schema = any;
type Resolve = (schema: Schema) => Schema;

export interface WrongBody {
  readonly what: string;
  readonly body: unknown;
}

/** Bodies that do not fit a schema: each of its fields, at any depth, with wrong types and sizes, missing, and unknown ones. */
export function wrongBodies(schema: Schema, resolve: Resolve): WrongBody[] {
  const right = sample(schema, resolve);
  const wrong = wrongValues(schema, resolve).map(({ what, body }) => ({ what: `all of it ${what}`, body }));
  return [...wrong, ...inside(schema, right, resolve)];
}

function inside(given: Schema, right: any, resolve: Resolve, at = ''): WrongBody[] {
  const schema = resolve(chosen(given, resolve));
  if (schema.type === 'array') {
    const put = ({ what, body }: WrongBody) => ({ what, body: [body] });
    const wrong = wrongValues(schema.items, resolve).map(({ what, body }) => put({ what: `${at}/0 ${what}`, body }));
    return [...wrong, ...inside(schema.items, right[0] ?? sample(schema.items, resolve), resolve, `${at}/0`).map(put)];
  }
  if (schema.type !== 'object' || schema.properties === undefined) return [];
  const without = (name: string) => Object.fromEntries(Object.entries(right).filter(([key]) => key !== name));
  const missing = (schema.required ?? []).map((name: string) => ({
    what: `${at} without ${name}`,
    body: without(name),
  }));
  const unknown = { what: `${at} with an unknown property`, body: { ...right, unknown: 1 } };
  const fields = Object.entries(schema.properties).flatMap(([name, part]) => {
    const put = ({ what, body }: WrongBody) => ({ what, body: { ...right, [name]: body } });
    const here = wrongValues(part, resolve).map(({ what, body }) => put({ what: `${at}/${name} ${what}`, body }));
    const value = right[name] ?? sample(part, resolve);
    return [...here, ...inside(part, value, resolve, `${at}/${name}`).map(put)];
  });
  return [...missing.filter(({ body }: WrongBody) => requiredWithoutDefault(schema, body)), unknown, ...fields];
}

/** A field with a default may be missing. */
function requiredWithoutDefault(schema: Schema, body: any): boolean {
  return (schema.required ?? []).some(
    (name: string) => !(name in body) && schema.properties[name].default === undefined,
  );
}

function wrongValues(given: Schema, resolve: Resolve): WrongBody[] {
  const schema = resolve(given);
  const options = (schema.anyOf ?? [schema]).map(resolve);
  const types = options.map((option: Schema) => (option.type === 'integer' ? 'number' : option.type));
  const values: Record<string, unknown> = { string: '5', number: 5, boolean: true, null: null, array: [], object: {} };
  const others = Object.entries(values).filter(([type]) => !types.includes(type));
  const wrong = others.map(([type, body]) => ({ what: `as ${type}`, body }));
  return [...wrong, ...options.flatMap((option: Schema) => wrongSizes(option))];
}

function wrongSizes({
  type,
  minimum,
  maximum,
  minLength,
  maxLength,
  maxItems,
  minItems,
  enum: known,
  pattern,
}: Schema): WrongBody[] {
  const wrong: unknown[] = [];
  if (type === 'integer') wrong.push(1.5, Number.MAX_VALUE, minimum - 1, maximum + 1);
  if (minLength > 0) wrong.push('');
  if (maxLength !== undefined) wrong.push('x'.repeat(maxLength + 1));
  if (pattern !== undefined) wrong.push('a\u0000b');
  if (known !== undefined) wrong.push('none-of-them');
  if (minItems > 0) wrong.push([]);
  if (maxItems !== undefined) wrong.push(Array.from({ length: maxItems + 1 }, () => 'x'));
  return wrong
    .filter((body) => !Number.isNaN(body))
    .map((body) => ({ what: `as ${JSON.stringify(body).slice(0, 40)}`, body }));
}

/** The first of several that is not null. */
function chosen(given: Schema, resolve: Resolve): Schema {
  const schema = resolve(given);
  return schema.anyOf === undefined ? schema : schema.anyOf.map(resolve).find(({ type }: Schema) => type !== 'null');
}

function sample(given: Schema, resolve: Resolve): unknown {
  const schema = resolve(chosen(given, resolve));
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return schema.minItems > 0 ? [sample(schema.items, resolve)] : [];
  if (schema.type === 'integer') return Math.max(schema.minimum ?? 0, 0);
  if (schema.type === 'boolean') return false;
  if (schema.type === 'string') return schema.pattern?.startsWith('^([01]') ? '10:00' : 'sample';
  const needed = (schema.required ?? []).map((name: string) => [name, sample(schema.properties[name], resolve)]);
  return Object.fromEntries(needed);
}
