import type { Schema } from './components.ts';
import type { Document } from './document.ts';
import type { Operation, Parameter } from './operation.ts';
import { escape, typeOf } from './type-text.ts';

/** The document as one page to read: made here, without a script and without anything from elsewhere. */
export function docsPage({ info, paths, components }: Document): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) => {
    return Object.entries(methods).map(([method, operation]) => ({ path, method, operation }));
  });
  const tags = [...new Set(operations.flatMap(({ operation }) => operation.tags))];
  const chapters = tags.map((tag) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(tag));
    return `<h2 id="${tag}">${escape(tag)}</h2>\n${own.map(section).join('\n')}`;
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaSection(name, schema));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} ${escape(info.version)}: API</title>
<link rel="stylesheet" href="docs.css">
</head>
<body>
<h1>${escape(info.title)} ${escape(info.version)}</h1>
<p>${escape(info.description)}</p>
<p>The same for programs, as OpenAPI 3.1: <a href="openapi.json">openapi.json</a></p>
<nav>${[...tags, 'schemas'].map((tag) => `<a href="#${tag}">${escape(tag)}</a>`).join(' ')}</nav>
${chapters.join('\n')}
<h2 id="schemas">schemas</h2>
${schemas.join('\n')}
</body>
</html>
`;
}

interface Entry {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

function section({ path, method, operation }: Entry): string {
  const { operationId, summary, parameters, requestBody, responses, security } = operation;
  const body = requestBody as { readonly content: Readonly<Record<string, { readonly schema: Schema }>> } | undefined;
  const bodies = Object.values(body?.content ?? {}).map(({ schema }) => `<p>Body: ${typeOf(schema)}</p>`);
  const answers = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const types = Object.entries(content).map(
      ([type, { schema }]) => `${typeOf(schema as Schema)} <small>${escape(type)}</small>`,
    );
    return `<li><code>${status}</code> ${escape(description)} ${types.join(', ')}</li>`;
  });
  return `<section id="${operationId}">
<h3><b class="${method}">${method.toUpperCase()}</b> <code>${escape(path)}</code></h3>
<p>${escape(summary)}${security.length === 0 ? ' <small>(without signing in)</small>' : ''}</p>
${parametersTable(parameters)}${bodies.join('')}
<ul>${answers.join('')}</ul>
</section>`;
}

function parametersTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: where, required, schema }) => {
    const needed = required ? 'needed' : '';
    return `<tr><td><code>${escape(name)}</code></td><td>${where}</td><td>${typeOf(schema as Schema)}</td><td>${needed}</td></tr>`;
  });
  return `<table>${rows.join('')}</table>`;
}

function schemaSection(name: string, schema: Schema): string {
  return `<section id="schema-${name}"><h3>${escape(name)}</h3><p>${typeOf(schema)}</p></section>`;
}

export const STYLE = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:60rem;margin:2rem auto;padding:0 1rem}
nav a{margin-right:.6rem}
section{border-top:1px solid #8885;padding:.4rem 0}
h3{margin:.4rem 0;font-weight:500}
code,pre{font:14px/1.5 ui-monospace,monospace}
table{border-collapse:collapse}
td{padding:.1rem .8rem .1rem 0;vertical-align:top}
ul.properties{list-style:none;padding-left:1.2rem;margin:0}
small{opacity:.7}
.get{color:#2563eb}.post{color:#15803d}.put,.patch{color:#b45309}.delete{color:#dc2626}
`;
