import { Marked, type Tokens } from 'marked';

/** A page of the documents as the console shows it. */
export interface GuidePage {
  readonly title: string;
  /** Without its title. A picture has `PICTURE:0:` as its address, by its place in `pictures`. */
  readonly html: string;
  /** As the page names them: `../pictures/instances.png`. */
  readonly pictures: readonly string[];
}

/** Turns a page into HTML. What it links to is another page here, where `isKnown` says so, or stands elsewhere. */
export function pageOf(markdown: string, isKnown: (name: string) => boolean): GuidePage {
  const pictures: string[] = [];
  const title = /^# (.+)$/m.exec(markdown)?.[1] ?? '';
  const renderer = new Marked({ async: false, gfm: true });
  renderer.use({
    renderer: {
      heading(token) {
        const inside = this.parser.parseInline(token.tokens);
        return token.depth === 1 ? '' : `<h${token.depth} id="${anchorOf(token.text)}">${inside}</h${token.depth}>\n`;
      },
      paragraph({ tokens }) {
        return isOtherLanguage(tokens) ? '' : `<p>${this.parser.parseInline(tokens)}</p>\n`;
      },
      // What is wider than the page is scrolled by keyboard, too.
      code: ({ text }) => `<pre class="code-block" tabindex="0"><code>${escaped(text)}</code></pre>\n`,
      table(token) {
        const row = (cells: Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
        const body = token.rows.map((cells) => row(cells, 'td')).join('');
        return `<div class="scrolled" tabindex="0"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
      },
      image: ({ href, text }) =>
        `<img src="PICTURE:${pictures.push(href) - 1}:" alt="${escaped(text)}" loading="lazy">`,
      link({ href, tokens }) {
        const inside = this.parser.parseInline(tokens);
        const to = addressOf(href, isKnown);
        if (to === undefined) return inside;
        return to.startsWith('/') || to.startsWith('#')
          ? `<a href="${escaped(to)}">${inside}</a>`
          : `<a href="${escaped(to)}" target="_blank" rel="noreferrer">${inside}</a>`;
      },
    },
  });
  return { title, html: renderer.parse(markdown) as string, pictures };
}

/** `[日本語](troubleshooting.ja.md)` and the like alone: here the language is chosen once for all. */
function isOtherLanguage(tokens: readonly Tokens.Generic[]): boolean {
  return tokens.every(({ type, ['text']: text }) => {
    return type === 'link' ? /^(English|日本語|中文)$/.test(text as string) : text === ' · ';
  });
}

/** As GitHub makes them, so that a link works in both places. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-');
}

function addressOf(href: string, isKnown: (name: string) => boolean): string | undefined {
  if (/^(https?:|#)/.test(href)) return href;
  const [, name, anchor = ''] = /(?:^|\/)([\w-]+)(?:\.(?:ja|zh))?\.md(#.*)?$/.exec(href) ?? [];
  return name !== undefined && isKnown(name) ? `/guides/${name}${anchor}` : undefined;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
