/**
 * Ctrl-C and SIGTERM end a copy in order: what is in flight is finished or given up, the checkpoint stays. The second
 * one ends the process at once, which costs no more than a kill: the checkpoint is never ahead of the disk.
 */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    });
  }
  return stop.signal;
}
