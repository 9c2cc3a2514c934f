/** A schema as plain JSON. */
export type Schema = { readonly [keyword: string]: unknown };

/** Schemas with a title become named components, and a reference stands in their place. */
export class Components {
  readonly #named = new Map<string, string>();

  reference(schema: unknown): unknown {
    if (Array.isArray(schema)) return schema.map((part) => this.reference(part));
    if (typeof schema !== 'object' || schema === null) return schema;
    const { title } = schema as Schema;
    const parts = Object.entries(schema).filter(([keyword]) => keyword !== 'title' || typeof title !== 'string');
    const inner = Object.fromEntries(parts.map(([keyword, part]) => [keyword, this.reference(part)]));
    if (typeof title !== 'string') return inner;
    const text = JSON.stringify(inner);
    const known = this.#named.get(title);
    if (known !== undefined && known !== text) throw new TypeError(`two schemas have the title ${title}`);
    this.#named.set(title, text);
    return { $ref: `#/components/schemas/${title}` };
  }

  get all(): Record<string, Schema> {
    const sorted = [...this.#named].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([title, text]) => [title, JSON.parse(text) as Schema]));
  }
}
