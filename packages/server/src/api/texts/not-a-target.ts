import type { Instance, Volume } from '../../providers/provider.ts';
import type { Language } from '../language.ts';
import type { Obstacle } from '../places/obstacle.ts';
import type { Place } from '../places/places.ts';

interface About {
  readonly thing: Volume | Instance;
  readonly place: Place;
  readonly language: Language;
}

/** Why something cannot be chosen as a target now, in words. */
export function notATarget(code: Obstacle, { thing, place, language }: About): string {
  const { unusable = '', heldBy } = thing;
  const named = { unusable, held: heldBy?.why ?? '', changing: '', unreachable: place.host }[code];
  return REASONS[language][code](named);
}

const REASONS: Readonly<Record<Language, Readonly<Record<Obstacle, (named: string) => string>>>> = {
  en: {
    unusable: (why) => `It cannot be used: ${why}.`,
    held: (why) => `It is held: ${why}.`,
    changing: () => 'It is just being changed.',
    unreachable: (host) => `No worker on ${host} was seen lately.`,
  },
  ja: {
    unusable: (why) => `使用できません: ${why}`,
    held: (why) => `使用中です: ${why}`,
    changing: () => '変更処理の途中です。',
    unreachable: (host) => `${host} のワーカーからの応答がしばらくありません。`,
  },
  zh: {
    unusable: (why) => `无法使用：${why}`,
    held: (why) => `正被占用：${why}`,
    changing: () => '正在变更中。',
    unreachable: (host) => `最近没有收到 ${host} 上工作进程的消息。`,
  },
};
