import { describe, expect, it } from 'vitest';
import { sourceHost, sourceHosts } from './source-host.ts';

describe('sourceHost()', () => {
  it.each([
    ['https://Images.Example/disk.qcow2', 'images.example'],
    ['https://images.example:443/disk.qcow2', 'images.example'],
    ['HTTP://images.example:8080/a/b?versionId=1', 'images.example:8080'],
    ['https://images.example:80/disk', 'images.example:80'],
    ['http://[2001:DB8::1]:9000/disk', '[2001:db8::1]:9000'],
    ['https://bücher.example/disk', 'xn--bcher-kva.example'],
    ['https://user@images.example/disk', 'images.example'],
    ['s3://My-Bucket/key/of/it', 'my-bucket'],
    ['cos://pictures-1250000000/key', 'pictures-1250000000'],
    ['/srv/images/disk.raw', 'file'],
    ['file:///srv/images/disk.raw', 'file'],
    ['disk:1.raw', 'file'],
  ])('of %s is %s', (link, host) => expect(sourceHost(link)).toBe(host));

  it('of a link that is not one still tells links apart', () => {
    expect(sourceHost('https://exa mple/disk')).toBe('exa mple');
    expect(sourceHost('')).toBe('file');
  });
});

describe('sourceHosts()', () => {
  it('names each once, sorted', () => {
    const links = ['https://b.example/1', 'https://a.example/2', 'https://b.example/3'];
    expect(sourceHosts(links.map((link) => ({ source: { link } })))).toEqual(['a.example', 'b.example']);
  });
});
