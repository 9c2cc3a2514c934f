import { describeContent, shareOf, type DiskContent } from '@diskferry/protocol';
import type { MigrationView } from '@diskferry/protocol/schemas';
import type { Language } from '../language.ts';

type ContentView = MigrationView['images'][number]['content'];

export function contentView(content: DiskContent, language: Language): ContentView {
  const words = WORDS[language](content);
  const share = shareOf(content);
  switch (content.kind) {
    case 'untouched':
      return { kind: 'untouched', bytes: 0, of: null, share, verified: false, words };
    case 'partly':
      return { kind: 'partly', bytes: content.bytes, of: content.of, share, verified: false, words };
    case 'complete':
      return { kind: 'complete', bytes: content.of, of: content.of, share, verified: content.verified, words };
  }
}

/** Rounded down: 100 % means complete and nothing else. */
function percent(content: DiskContent): number {
  return Math.min(99, Math.floor(shareOf(content) * 100));
}

const WORDS: Readonly<Record<Language, (content: DiskContent) => string>> = {
  en: describeContent,
  ja: (content) => {
    if (content.kind === 'untouched') return '未書き込み: 元の内容はそのまま残っています';
    if (content.kind === 'partly') return `${percent(content)} % まで書き込み済み: 元の内容は失われています`;
    return content.verified ? 'すべて書き込み済み、検証済み' : 'すべて書き込み済み、未検証';
  },
  zh: (content) => {
    if (content.kind === 'untouched') return '尚未写入：原有内容仍在';
    if (content.kind === 'partly') return `已写入 ${percent(content)} %：原有内容已丢失`;
    return content.verified ? '已全部写入并通过校验' : '已全部写入，未校验';
  },
};
