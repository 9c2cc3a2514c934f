import openapiTS, { astToString } from 'openapi-typescript';

const HEAD = '// Written by `npm run api:client` from the OpenAPI document of the server. Do not edit it by hand.\n\n';

/**
 * An OpenAPI document as TypeScript. Here, since openapi-typescript needs the API of TypeScript 5: this package has one of
 * its own, and the rest of the repository a newer one.
 */
export async function clientTypes(document: string): Promise<string> {
  return `${HEAD}${astToString(await openapiTS(document, { defaultNonNullable: false })).trim()}\n`;
}
