import { ServiceError } from '../base/errors.ts';

/** A table of the configuration that is read key by key: what is wrong or left over is named with its full key. */
export class Table {
  readonly #name: string;
  readonly #content: Readonly<Record<string, unknown>>;
  readonly #read = new Set<string>();

  constructor(name: string, content: unknown) {
    if (!isTable(content)) throw refused(name, 'is not a table');
    this.#name = name;
    this.#content = content;
  }

  text(key: string): string | undefined {
    return this.#take(key, 'a text that is not empty', (value) => typeof value === 'string' && value !== '');
  }

  flag(key: string): boolean | undefined {
    return this.#take(key, 'true or false', (value) => typeof value === 'boolean');
  }

  /** A whole number. */
  count(key: string, least: number, most: number): number | undefined {
    const fits = (value: unknown) => Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
    return this.#take(key, `a whole number from ${least} to ${most}`, fits);
  }

  texts(key: string): readonly string[] | undefined {
    return this.#take(key, 'a list of texts', isListOfTexts);
  }

  table(key: string): Table {
    const content = this.#take<unknown>(key, 'a table', isTable);
    return new Table(this.keyOf(key), content ?? {});
  }

  tables(key: string): readonly Table[] | undefined {
    return this.#take<unknown[]>(key, 'a list of tables', isListOfTables)?.map((content, index) => {
      return new Table(`${this.keyOf(key)}[${index}]`, content);
    });
  }

  /** The same with values put in by their paths; the tables on the way are made where they are missing. */
  with(values: readonly { readonly path: readonly string[]; readonly value: unknown }[]): Table {
    const content: Record<string, unknown> = structuredClone(this.#content);
    for (const { path, value } of values) place(content, path, { value, where: this.#name });
    return new Table(this.#name, content);
  }

  /** Refuses what nobody has read: a key that is misspelt would otherwise do nothing. */
  finish(): void {
    const unknown = Object.keys(this.#content).find((key) => !this.#read.has(key));
    if (unknown === undefined) return;
    throw refused(this.keyOf(unknown), `is not known; here ${[...this.#read].toSorted().join(', ')} are`);
  }

  keyOf(key: string): string {
    return this.#name === '' ? key : `${this.#name}.${key}`;
  }

  #take<Value>(key: string, wanted: string, fits: (value: unknown) => boolean): Value | undefined {
    this.#read.add(key);
    const value = this.#content[key];
    if (value === undefined || fits(value)) return value as Value | undefined;
    throw refused(this.keyOf(key), `is not ${wanted}`);
  }
}

export function refused(key: string, why: string): ServiceError {
  return new ServiceError('configuration-invalid', `${key} ${why}`);
}

function place(
  table: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  put: { readonly value: unknown; readonly where: string },
): void {
  if (rest.length === 0) {
    table[key] = put.value;
    return;
  }
  const inner = table[key] ?? {};
  if (!isTable(inner)) throw refused(`${put.where}.${key}`, 'is not a table');
  table[key] = { ...inner };
  place(table[key] as Record<string, unknown>, rest, { ...put, where: `${put.where}.${key}` });
}

function isListOfTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === 'string' && text !== '');
}

function isListOfTables(value: unknown): boolean {
  return Array.isArray(value) && value.every(isTable);
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
