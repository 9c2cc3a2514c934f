import type { ErrorObject } from 'ajv';
import { ServiceError } from '../../base/errors.ts';

export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** What does not fit a schema, with the places as JSON pointers. Values are never repeated: they may be secrets. */
export class SchemaFaults extends ServiceError {
  readonly faults: readonly Fault[];

  constructor(part: string, errors: readonly ErrorObject[]) {
    const faults = errors.slice(0, MOST).map(faultOf);
    super(
      'invalid-request',
      `${part}: ${faults.map(({ pointer, detail }) => `${pointer || '/'} ${detail}`).join('; ')}`,
    );
    this.faults = faults;
  }
}

const MOST = 20;

function faultOf({ instancePath, keyword, params, message }: ErrorObject): Fault {
  const { additionalProperty, allowedValues, missingProperty } = params as Record<string, unknown>;
  if (keyword === 'additionalProperties') {
    return { pointer: instancePath, detail: `has the property ${shown(additionalProperty)}, which is not known` };
  }
  if (keyword === 'required')
    return { pointer: instancePath, detail: `must have the property ${shown(missingProperty)}` };
  if (keyword === 'enum' && Array.isArray(allowedValues)) {
    return { pointer: instancePath, detail: `must be one of ${allowedValues.join(', ')}` };
  }
  return { pointer: instancePath, detail: message ?? 'does not fit' };
}

/** The name of a property comes from outside. */
function shown(name: unknown): string {
  return JSON.stringify(String(name).slice(0, 60));
}
