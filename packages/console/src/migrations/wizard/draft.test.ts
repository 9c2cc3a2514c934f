// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { EMPTY_SOURCE } from '../source-draft.ts';
import { type Draft, EMPTY_DRAFT, EMPTY_IMAGE, faultsOf, filledIn, inputOf } from './draft.ts';
import { forgetDraft, keepDraft, keptDraft } from './kept-draft.ts';

const LINK = 'https://files.example/web.qcow2';
const whole: Draft = {
  ...EMPTY_DRAFT,
  isReady: true,
  name: ' web ',
  images: [{ ...EMPTY_IMAGE, source: { ...EMPTY_SOURCE, link: ` ${LINK} ` }, target: 'i-1' }],
};
const [image] = whole.images;
if (image === undefined) throw new Error('there is an image');

describe('filledIn()', () => {
  const typed = { ...image, format: 'raw', checksum: 'sha256:aa', member: 'disk.img', region: 'r', endpoint: 'e' };
  const draft = { ...whole, images: [typed, image] };

  it('takes nothing that was typed of one image for another', () => {
    const link = 'https://files.example/other.vmdk';
    const { images } = filledIn(draft, { link, target: null });
    expect(images).toEqual([{ ...EMPTY_IMAGE, source: { ...EMPTY_SOURCE, link }, target: 'i-1' }, image]);
  });

  it('keeps all that was typed of the same link, and of an image that gets a target', () => {
    const given = { link: ` ${LINK} `, target: 'i-2' };
    expect(filledIn(draft, given).images).toEqual([{ ...typed, target: 'i-2' }, image]);
    expect(filledIn(draft, { link: null, target: 'i-2' }).images[0]).toEqual({ ...typed, target: 'i-2' });
    expect(filledIn(draft, { link: null, target: null })).toBe(draft);
  });
});

describe('faultsOf()', () => {
  it('finds nothing wrong with a whole draft', () => expect(faultsOf(whole)).toEqual({}));

  it('names each field that is missing', () => {
    expect(faultsOf(EMPTY_DRAFT)).toEqual({ name: 'name', 'image-0-link': 'link', 'image-0-target': 'target' });
  });

  it('counts characters and not halves of them', () => {
    expect(faultsOf({ ...whole, name: '𠮷'.repeat(200) })).toEqual({});
    expect(faultsOf({ ...whole, name: '𠮷'.repeat(201) })).toEqual({ name: 'name' });
  });

  it('refuses one volume for two images, at the second', () => {
    expect(faultsOf({ ...whole, images: [image, image] })).toEqual({ 'image-1-target': 'sameTarget' });
  });

  it.each(['0', '-1', 'fast', '1e400', '0.0000001'])('refuses %s as a limit', (bandwidth) => {
    expect(faultsOf({ ...whole, bandwidth })).toEqual({ bandwidth: 'bandwidth' });
  });

  it('wants both keys of a private object', () => {
    const source = { ...image.source, isPrivate: true, accessKeyId: 'A' };
    expect(faultsOf({ ...whole, images: [{ ...image, source }] })).toEqual({ 'image-0-keys': 'credentials' });
  });
});

describe('inputOf()', () => {
  it('sends the first image onto the instance and others onto volumes', () => {
    const second = { ...image, target: 'v-2' };
    const { name, images } = inputOf({ ...whole, images: [image, second] }, 'instance');
    expect(name).toBe('web');
    expect(images.map(({ target }) => target)).toEqual([{ instance: 'i-1' }, { volume: 'v-2' }]);
    expect(images[0]?.source).toEqual({ link: LINK, pathStyle: false });
  });

  it('sends keys only of an object that is private', () => {
    const keys = { accessKeyId: 'A', secretAccessKey: 'S' };
    const open = { ...whole, images: [{ ...image, source: { ...image.source, ...keys } }] };
    expect(inputOf(open, 'data').images[0]?.source).not.toHaveProperty('credentials');
    const closed = { ...whole, images: [{ ...image, source: { ...image.source, ...keys, isPrivate: true } }] };
    expect(inputOf(closed, 'data').images[0]?.source.credentials).toEqual(keys);
  });

  it('takes MiB for the limit, and starts no instance after a data migration', () => {
    const { options } = inputOf({ ...whole, bandwidth: '1.5' }, 'data');
    expect(options).toMatchObject({ bandwidth: 1_572_864, startAfterwards: false, notBefore: null });
    expect(options).not.toHaveProperty('proveBoot');
  });

  it('has it proved that an instance starts where that can be, unless somebody wants it otherwise', () => {
    expect(inputOf(whole, 'instance').options?.proveBoot).toBe('auto');
    expect(inputOf({ ...whole, proveBoot: 'never' }, 'instance').options?.proveBoot).toBe('never');
  });
});

describe('what is kept in the tab', () => {
  beforeEach(() => sessionStorage.clear());

  it('is the draft as it was typed', () => {
    keepDraft('data', whole);
    expect(keptDraft('data')).toEqual(whole);
    expect(keptDraft('instance')).toEqual(EMPTY_DRAFT);
    forgetDraft('data');
    expect(keptDraft('data')).toEqual(EMPTY_DRAFT);
  });

  it.each([
    `${LINK}?X-Amz-Signature=verysecret`,
    'https://user:verysecret@files.example/web.qcow2',
    ' https://verysecret@files.example/web.qcow2',
  ])('never has the secret of %s', (link) => {
    keepDraft('data', { ...whole, images: [{ ...image, source: { ...image.source, link } }] });
    expect(JSON.stringify({ ...sessionStorage })).not.toContain('verysecret');
  });

  it('never has keys', () => {
    const keys = {
      isPrivate: true,
      accessKeyId: 'verysecret',
      secretAccessKey: 'verysecret',
      sessionToken: 'verysecret',
    };
    keepDraft('data', { ...whole, images: [{ ...image, source: { ...image.source, ...keys } }] });
    expect(sessionStorage.getItem('diskferry.draft.data')).not.toContain('verysecret');
    expect(keptDraft('data').images[0]?.source).toMatchObject({ isPrivate: true, accessKeyId: '' });
  });

  it.each(['{', '{"images":[]}', '{"images":5}', 'null'])('is begun anew where it reads %s', (text) => {
    sessionStorage.setItem('diskferry.draft.data', text);
    expect(keptDraft('data').images).toEqual([EMPTY_IMAGE]);
  });
});
