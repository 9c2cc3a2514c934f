import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf, pageOf } from './page-of.ts';

const DOCS = join(import.meta.dirname, '../../../docs');
const known = (name: string) => ['uploading', 'checks'].includes(name);

const page = (text: string) => pageOf(text, known).html;

describe('a page of the documents', () => {
  it('has a title, anchors as GitHub makes them, and none of the links between languages', () => {
    const { title, html } = pageOf('# One\n\n[日本語](one.ja.md)\n\n## What to do: `link-denied`\n\ntext', known);
    expect(title).toBe('One');
    expect(html).not.toContain('日本語');
    expect(html).toContain('<h2 id="what-to-do-link-denied">');
    expect(anchorOf('`format-declared`')).toBe('format-declared');
    expect(anchorOf('はじめての移行')).toBe('はじめての移行');
  });

  it('leads to the other pages here, outside by a new tab, and nowhere where there is none', () => {
    expect(page('[a](../checks.md#x)')).toContain('<a href="/guides/checks#x">a</a>');
    expect(page('[a](uploading.ja.md)')).toContain('<a href="/guides/uploading">a</a>');
    expect(page('[a](https://e.example/)')).toContain('target="_blank" rel="noreferrer"');
    expect(page('[a](../../LICENSE)')).toBe('<p>a</p>\n');
    expect(page('[a](other.md)')).toBe('<p>a</p>\n');
  });

  it('names its pictures, and lets what is wide be scrolled by keyboard', () => {
    const { html, pictures } = pageOf(
      '![The list](../pictures/a.png)\n\n```sh\na <b\n```\n\n| a |\n|---|\n| `b` |\n',
      known,
    );
    expect(pictures).toEqual(['../pictures/a.png']);
    expect(html).toContain('<img src="PICTURE:0:" alt="The list" loading="lazy">');
    expect(html).toContain('<pre class="code-block" tabindex="0"><code>a &lt;b</code></pre>');
    expect(html).toContain('<div class="scrolled" tabindex="0"><table>');
  });
});

describe('all pages that there are', () => {
  const files = ['.', 'guides'].flatMap((folder) => {
    return readdirSync(join(DOCS, folder)).flatMap((name) => (name.endsWith('.md') ? [join(folder, name)] : []));
  });
  it.each(files)('%s has a title, and no script or style that the policy would refuse', (file) => {
    const { title, html } = pageOf(readFileSync(join(DOCS, file), 'utf8'), () => true);
    expect(title).not.toBe('');
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/i);
  });
});
