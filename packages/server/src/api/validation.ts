import { Ajv } from 'ajv';
import type { Api } from './fastify.ts';
import { SchemaFaults } from './problem/schema-faults.ts';

/**
 * Bodies are taken as they are: `"5"` is no number, and an unknown property is an error. What stands in the address is
 * text, and is read as what the schema says.
 */
export function validation(api: Api): void {
  const common = { useDefaults: true, removeAdditional: false, allErrors: false, strict: true, strictTypes: false };
  const bodies = new Ajv({ ...common, coerceTypes: false });
  const addresses = new Ajv({ ...common, coerceTypes: 'array' });
  api.setValidatorCompiler(({ schema, httpPart }) => {
    const validate = (httpPart === 'body' ? bodies : addresses).compile(schema as object);
    const part = httpPart === 'querystring' ? 'query' : (httpPart ?? 'request');
    return (data: unknown) => {
      return validate(data) ? { value: data } : { error: new SchemaFaults(part, validate.errors ?? []) };
    };
  });
  // Schemas of answers describe; that they are true is tested. Filtering by them would hide what is wrong.
  api.setSerializerCompiler(() => (data) => JSON.stringify(data));
}
