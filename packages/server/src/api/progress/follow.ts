import type { Channel } from './channel.ts';
import type { ProgressHub } from './hub.ts';
import type { News } from './look.ts';
import type { Newest } from './newest.ts';

interface Begun {
  readonly channel: Pick<Channel, 'ended'>;
  readonly newest: Pick<Newest, 'tell'>;
}

/**
 * Lets a client follow one migration, or with null all that run. It is listened for it before `begin` looks how things stand:
 * what others are told of meanwhile is told after what `begin` has told, and not missed.
 */
export async function follow(
  hub: Pick<ProgressHub, 'listen'>,
  id: string | null,
  begin: () => Promise<Begun>,
): Promise<void> {
  /** Of each migration the last: what was before it lies in the store. */
  const meanwhile = new Map<string, News>();
  let tell = (news: News): void => void meanwhile.set(news.migration.id, news);
  const stop = hub.listen(id, (news) => tell(news));
  try {
    const { channel, newest } = await begin();
    tell = (news) => newest.tell(news);
    for (const news of meanwhile.values()) tell(news);
    void channel.ended.then(stop);
  } catch (error) {
    stop();
    throw error;
  }
}
