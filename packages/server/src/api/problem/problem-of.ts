import { CATALOGUE, DiskferryError, isAbort } from '@diskferry/engine';
import type { Problem } from '@diskferry/protocol/schemas';
import { randomUUID } from 'node:crypto';
import { SERVICE_CATALOGUE } from '../../base/catalogue.ts';
import { ServiceError } from '../../base/errors.ts';
import { PROVIDER_CATALOGUE } from '../../providers/catalogue.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import type { Language } from '../language.ts';
import { refusalText, textOf } from '../texts/texts.ts';
import { fromFastify } from './from-fastify.ts';
import { PreflightRefusal } from './preflight-refusal.ts';
import { checksIn } from '../texts/checks.ts';
import { SchemaFaults } from './schema-faults.ts';
import { engineStatus, PROVIDER_STATUS } from './status.ts';

/**
 * Any error as an answer. What nobody foresaw becomes `internal-error` with a number that stands in the log as well, and
 * with nothing of what happened inside.
 */
export function problemOf(thrown: unknown, language: Language): Problem {
  const error = fromFastify(thrown) ?? thrown;
  if (error instanceof ServiceError) return ofService(error, language);
  if (error instanceof ProviderError) {
    return shaped(error.code, PROVIDER_STATUS[error.code], { detail: error.message, language, hint: error.hint });
  }
  if (error instanceof DiskferryError && error.code !== 'internal') {
    return shaped(error.code, engineStatus(error), { detail: error.message, language, hint: error.hint });
  }
  if (isAbort(error)) return shaped('shutting-down', 503, { detail: 'the service is being shut down', language });
  const incident = randomUUID();
  const detail = `incident ${incident} at ${new Date().toISOString()}`;
  return { ...shaped('internal-error', 500, { detail, language }), incident };
}

const CATALOGUES: Readonly<Record<string, { readonly remedy: string }>> = { ...CATALOGUE, ...PROVIDER_CATALOGUE };

interface Saying {
  readonly detail: string;
  readonly language: Language;
  /** What an error says itself, in English, where it knows more than the catalogue. */
  readonly hint?: string;
}

function shaped(code: string, status: number, { detail, language, hint }: Saying): Problem {
  // One that is not the catalogue's knows more about this very case. It is in English only.
  const ownHint = language === 'en' && hint !== undefined && hint !== CATALOGUES[code]?.remedy ? hint : undefined;
  const { meaning, remedy } = textOf(code, language);
  return { type: `/errors/${code}`, title: meaning, status, detail, code, remedy: ownHint ?? remedy };
}

function ofService(error: ServiceError, language: Language): Problem {
  const { code, message, refusal, holder, at, retryAfterMs } = error;
  return {
    ...shaped(code, SERVICE_CATALOGUE[code].status, { detail: message, language }),
    ...(refusal === undefined ? {} : { refusal: { code: refusal, reason: refusalText(refusal, language) } }),
    ...(holder === undefined ? {} : { holder }),
    ...(at === undefined ? {} : { errors: [{ pointer: at, detail: message }] }),
    ...(retryAfterMs === undefined ? {} : { retryAfter: Math.ceil(retryAfterMs / 1000) }),
    ...(error instanceof PreflightRefusal ? { checks: checksIn(error.checks, language) } : {}),
    ...(error instanceof SchemaFaults ? { errors: [...error.faults] } : {}),
  };
}
