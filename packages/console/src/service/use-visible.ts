import { useSyncExternalStore } from 'react';

/**
 * Whether the tab is looked at. A browser opens six connections to a server over HTTP/1.1, for all of its tabs together:
 * were each to follow a stream in the background, the seventh could not even load.
 */
export function useVisible(): boolean {
  return useSyncExternalStore(
    (tell) => {
      document.addEventListener('visibilitychange', tell);
      return () => document.removeEventListener('visibilitychange', tell);
    },
    () => document.visibilityState === 'visible',
  );
}
