import type { Schema } from './components.ts';

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** A schema in a few words of HTML; named ones are linked. */
export function typeOf(schema: Schema): string {
  const { $ref, anyOf, enum: values, const: only, type, items, properties, patternProperties } = schema;
  if (typeof $ref === 'string') {
    const name = escape($ref.slice($ref.lastIndexOf('/') + 1));
    return `<a href="#schema-${name}">${name}</a>`;
  }
  if (Array.isArray(anyOf)) return anyOf.map((part) => typeOf(part as Schema)).join(' or ');
  if (Array.isArray(values)) return values.map((value) => `<code>${escape(JSON.stringify(value))}</code>`).join(' or ');
  if (only !== undefined) return `<code>${escape(JSON.stringify(only))}</code>`;
  if (type === 'array') return `list of ${typeOf((items ?? {}) as Schema)}`;
  if (typeof properties === 'object' && properties !== null) return propertyList(schema);
  if (typeof patternProperties === 'object' && patternProperties !== null) {
    return `map to ${Object.values(patternProperties)
      .map((part) => typeOf(part as Schema))
      .join(' or ')}`;
  }
  return `${escape(typeof type === 'string' ? type : 'anything')}${bounds(schema)}`;
}

function propertyList({ properties, required }: Schema): string {
  const needed = Array.isArray(required) ? required : [];
  const rows = Object.entries(properties as Readonly<Record<string, Schema>>).map(([name, part]) => {
    const optional = needed.includes(name) ? '' : ' <small>(may be left out)</small>';
    return `<li><code>${escape(name)}</code>: ${typeOf(part)}${optional}</li>`;
  });
  return `<ul class="properties">${rows.join('')}</ul>`;
}

const BOUNDS = ['minimum', 'maximum', 'minLength', 'maxLength', 'default'] as const;

function bounds(schema: Schema): string {
  const said = BOUNDS.flatMap((name) => (schema[name] === undefined ? [] : `${name} ${String(schema[name])}`));
  return said.length === 0 ? '' : ` <small>${escape(said.join(', '))}</small>`;
}
