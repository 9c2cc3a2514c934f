import type { EventView } from '@diskferry/protocol/schemas';
import type { LoggedEvent } from '../../migrations/event.ts';

/** An event of the log as it is shown: without the names under which credentials are kept, and without pictures. */
export function eventView({ version, at, event }: LoggedEvent): EventView {
  if (event.kind === 'created') {
    const { name, kind, images, by } = event.request;
    return { version, at, kind: 'created', by, detail: { name, kind, images: images.length } };
  }
  const { kind, ...rest } = event;
  const {
    by = null,
    credentials: _hidden,
    screenshot: _large,
    ...detail
  } = rest as Record<string, unknown> & { readonly by?: string };
  return { version, at, kind, by, detail };
}
