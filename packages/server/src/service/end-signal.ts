/** Ctrl-C and SIGTERM end it in order. The second one ends the process at once, which loses nothing that was acknowledged. */
export function endSignal(): AbortSignal {
  const end = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (end.signal.aborted) process.exit(130);
      end.abort();
    });
  }
  return end.signal;
}
