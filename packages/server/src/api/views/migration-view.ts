import { type Check, MIGRATION_ACTIONS, standingName, verdictOn } from '@diskferry/protocol';
import type { MigrationView } from '@diskferry/protocol/schemas';
import type { MigratedImage, Migration } from '../../migrations/migration.ts';
import { progressOf, retryGoesOn } from '../../migrations/progress.ts';
import type { Language } from '../language.ts';
import { checksIn } from '../texts/checks.ts';
import { forecastIn } from '../texts/forecast.ts';
import { refusalText, textOf } from '../texts/texts.ts';
import { contentView } from './content-view.ts';

/** A migration as it is shown. Pure. Of credentials it says only that there are some. */
export function migrationView(migration: Migration, language: Language): MigrationView {
  const { id, name, kind, version, createdAt, createdBy, standing, asked, worker, locks, options } = migration;
  return {
    id,
    name,
    kind,
    version,
    createdAt,
    createdBy,
    asked,
    worker,
    state: standing.state,
    waitsFor: standing.state === 'waiting' ? standing.for : null,
    waitDetail: standing.state === 'waiting' ? standing.detail : null,
    waitCode: standing.state === 'waiting' ? (standing.code ?? null) : null,
    failure: failureView(migration, language),
    retryGoesOn: retryGoesOn(migration) ?? null,
    locks: [...locks],
    images: migration.images.map((image) => imageView(image, language)),
    options: {
      ...options,
      proveBoot: options.proveBoot ?? 'never',
      labels: [...options.labels],
      accept: [...options.accept],
    },
    progress: progressOf(migration),
    actions: actionsOf(migration, language),
    checks: checksIn(checksOf(migration), language),
    bootProof:
      migration.bootProof === undefined
        ? null
        : { ...migration.bootProof, evidence: [...migration.bootProof.evidence] },
    forecast: forecastIn(migration.preflight?.forecast ?? null, language),
  };
}

function imageView({ source, target, identity, size, content }: MigratedImage, language: Language) {
  const { credentials, ...shown } = source;
  return {
    source: { ...shown, hasCredentials: credentials !== null },
    target: { ...target },
    identity,
    size,
    content: contentView(content, language),
  };
}

function failureView({ standing }: Migration, language: Language): MigrationView['failure'] {
  if (standing.state !== 'failed') return null;
  const { code, message } = standing;
  const { meaning, remedy } = textOf(code, language);
  return { code, title: meaning, message, remedy };
}

/** Each action, and why not where it is not allowed: what the button says that is grey. */
function actionsOf({ standing }: Migration, language: Language): MigrationView['actions'] {
  const name = standingName(standing.state, standing.state === 'waiting' ? standing.for : null);
  return MIGRATION_ACTIONS.map((action) => {
    const verdict = verdictOn(action, name);
    if (verdict.allowed) return { action, allowed: true, code: null, reason: null };
    return { action, allowed: false, code: verdict.code, reason: refusalText(verdict.code, language) };
  });
}

/** A worker looks again before it writes: what it found is newer. */
function checksOf({ checks, preflight }: Migration): readonly Check[] {
  return checks.length > 0 ? checks : (preflight?.checks ?? []);
}
