import type { ProveBoot } from '@diskferry/protocol';
import type { Schemas } from '@diskferry/protocol/client';
import type { MigrationKind } from '../../service/service.ts';
import { isRate, rateOf } from '../../ui/rate.ts';
import { understandLink } from '../link.ts';
import { credentialsOf, EMPTY_SOURCE, hasKeys, type SourceDraft } from '../source-draft.ts';

export interface ImageDraft {
  readonly source: SourceDraft;
  /** Id of an instance or of a volume. */
  readonly target: string | null;
  readonly format: string;
  readonly checksum: string;
  readonly member: string;
  readonly region: string;
  readonly endpoint: string;
  readonly pathStyle: boolean;
}

/** What was typed so far, as it was typed. */
export interface Draft {
  readonly isReady: boolean;
  readonly name: string;
  readonly images: readonly ImageDraft[];
  readonly running: 'refuse' | 'stop' | 'force';
  readonly startAfterwards: boolean;
  readonly verify: 'none' | 'written' | 'full';
  readonly proveBoot: ProveBoot;
  readonly bandwidth: string;
  readonly notBefore: string;
}

export const EMPTY_IMAGE: ImageDraft = {
  source: EMPTY_SOURCE,
  target: null,
  format: '',
  checksum: '',
  member: '',
  region: '',
  endpoint: '',
  pathStyle: false,
};

export const EMPTY_DRAFT: Draft = {
  isReady: false,
  name: '',
  images: [EMPTY_IMAGE],
  running: 'stop',
  startAfterwards: true,
  verify: 'written',
  proveBoot: 'auto',
  bandwidth: '',
  notBefore: '',
};

interface GivenAhead {
  readonly target: string | null;
  readonly link: string | null;
}

/** What is given of the first image takes the place of what was typed. Of another image nothing is true that was typed of this. */
export function filledIn(draft: Draft, { target, link }: GivenAhead): Draft {
  const [first, ...others] = draft.images;
  if (first === undefined || (target === null && link === null)) return draft;
  const isSame = link === null || link.trim() === first.source.link.trim();
  const image = isSame ? first : { ...EMPTY_IMAGE, source: { ...EMPTY_SOURCE, link } };
  return { ...draft, images: [{ ...image, target: target ?? first.target }, ...others] };
}

/** The first image of an instance migration goes onto the system volume of the instance, all others onto data volumes. */
export function isOntoInstance(kind: MigrationKind, index: number): boolean {
  return kind === 'instance' && index === 0;
}

type ErrorName = 'name' | 'link' | 'linkUnknown' | 'target' | 'sameTarget' | 'credentials' | 'bandwidth';

/** What is missing or wrong, by the id of its field. */
export function faultsOf(draft: Draft): Readonly<Record<string, ErrorName>> {
  const faults: Record<string, ErrorName> = {};
  if (draft.name.trim() === '' || [...draft.name.trim()].length > 200) faults['name'] = 'name';
  if (!isRate(draft.bandwidth)) faults['bandwidth'] = 'bandwidth';
  for (const [index, { source, target }] of draft.images.entries()) {
    if (source.link.trim() === '') faults[`image-${index}-link`] = 'link';
    else if (understandLink(source.link) === undefined) faults[`image-${index}-link`] = 'linkUnknown';
    if (!hasKeys(source)) faults[`image-${index}-keys`] = 'credentials';
    if (target === null) faults[`image-${index}-target`] = 'target';
    else if (draft.images.findIndex((image) => image.target === target) < index) {
      faults[`image-${index}-target`] = 'sameTarget';
    }
  }
  return faults;
}

/** As the service takes it. */
export function inputOf(draft: Draft, kind: MigrationKind): Schemas['MigrationInput'] {
  const { running, startAfterwards, verify, proveBoot, bandwidth, notBefore } = draft;
  const at = Date.parse(notBefore);
  return {
    name: draft.name.trim(),
    kind,
    images: draft.images.map((image, index) => ({
      source: sourceOf(image),
      target: isOntoInstance(kind, index) ? { instance: image.target ?? '' } : { volume: image.target ?? '' },
    })),
    options: {
      runningInstance: running,
      startAfterwards: kind === 'instance' && startAfterwards,
      verify,
      // What holds data is not started.
      ...(kind === 'instance' ? { proveBoot } : {}),
      bandwidth: rateOf(bandwidth),
      notBefore: Number.isNaN(at) ? null : at,
    },
  };
}

function sourceOf({
  source,
  format,
  checksum,
  member,
  region,
  endpoint,
  pathStyle,
}: ImageDraft): Schemas['SourceInput'] {
  return {
    link: source.link.trim(),
    ...credentialsOf(source),
    ...given({ format, checksum, member, region, endpoint }),
    pathStyle,
  };
}

function given<Texts extends Record<string, string>>(texts: Texts): Partial<Texts> {
  const typed = Object.entries(texts).map(([name, text]) => [name, text.trim()] as const);
  return Object.fromEntries(typed.filter(([, text]) => text !== '')) as Partial<Texts>;
}
