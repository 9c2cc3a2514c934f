/** Says where a value is not as it must be, or undefined. Looks at nothing beyond what is allowed. */
export type Shape = (value: unknown, at: string) => string | undefined;

export const text =
  (most: number): Shape =>
  (value, at) =>
    typeof value === 'string' && value.length <= most && value.isWellFormed() ? undefined : at;

/** Bytes, counts, milliseconds since 1970. */
export const whole: Shape = (value, at) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? undefined : at;

export const yesOrNo: Shape = (value, at) => (typeof value === 'boolean' ? undefined : at);

export const oneOf =
  (...words: readonly string[]): Shape =>
  (value, at) =>
    typeof value === 'string' && words.includes(value) ? undefined : at;

export const orNull =
  (shape: Shape): Shape =>
  (value, at) =>
    value === null ? undefined : shape(value, at);

export function list(most: number, item: Shape): Shape {
  return (value, at) => {
    if (!Array.isArray(value) || value.length > most) return at;
    for (const [index, part] of value.entries()) {
      const fault = item(part, `${at}/${index}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}

/** Exactly these members; those of `optional` may be missing. */
export function members(
  needed: Readonly<Record<string, Shape>>,
  optional: Readonly<Record<string, Shape>> = {},
): Shape {
  return (value, at) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return at;
    const found = new Map<string, unknown>(Object.entries(value));
    for (const name of found.keys()) {
      if (!Object.hasOwn(needed, name) && !Object.hasOwn(optional, name)) return `${at}/${name.slice(0, 50)}`;
    }
    for (const [name, shape] of Object.entries({ ...optional, ...needed })) {
      if (!found.has(name) && Object.hasOwn(optional, name)) continue;
      const fault = shape(found.get(name), `${at}/${name}`);
      if (fault !== undefined) return fault;
    }
    return undefined;
  };
}
