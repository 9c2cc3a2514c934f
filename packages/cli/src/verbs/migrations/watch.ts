import { isOver, shareOfView, type LiveProgress } from '@diskferry/protocol';
import type { Schemas } from '@diskferry/protocol/client';
import type { Context } from '../../context.ts';
import { connectionOf, type ConnectionFlags } from '../../service/connection.ts';
import { eventsOf } from '../../service/events.ts';
import { liveLine } from '../../show/live-line.ts';
import { migrationText, shareText, stateText } from '../../show/migration.ts';

export interface WatchFlags extends ConnectionFlags {
  readonly json?: boolean;
}

/** Exit codes of a migration that is watched to its end: done, failed, or it needs a person. */
const ENDS: Readonly<Record<string, number>> = { succeeded: 0, failed: 1, cancelled: 1 };

/**
 * Shows a migration until it is over or needs a person. Ending this changes nothing of the migration.
 * With --json one object a line: `{"event":"migration"|"live","data":…}`.
 */
export async function watch(id: string, flags: WatchFlags, { signal }: Context): Promise<void> {
  const screen = screenFor(flags);
  const connection = await connectionOf(flags, process.env);
  try {
    for await (const { event, data } of eventsOf(
      connection,
      `/api/v1/migrations/${encodeURIComponent(id)}/progress`,
      signal,
    )) {
      if (event === 'live') screen.live(JSON.parse(data) as LiveProgress);
      if (event !== 'migration') continue;
      const migration = JSON.parse(data) as Schemas['Migration'];
      screen.migration(migration);
      const code = endOf(migration);
      if (code === undefined) continue;
      process.exitCode = code;
      return;
    }
  } finally {
    screen.stop();
  }
}

/** 0 done, 1 failed or cancelled, 3 a person is needed or it is paused; undefined: it goes on by itself. */
function endOf({ state, waitsFor }: Schemas['Migration']): number | undefined {
  if (isOver(state)) return ENDS[state];
  const needsPerson = waitsFor === 'link' || waitsFor === 'credentials' || waitsFor === 'person';
  return needsPerson || state === 'paused' ? 3 : undefined;
}

interface Screen {
  migration(view: Schemas['Migration']): void;
  live(progress: LiveProgress): void;
  stop(): void;
}

function screenFor({ json = false }: WatchFlags): Screen {
  if (json) return jsonScreen();
  return process.stderr.isTTY ? terminalScreen(process.stderr) : lineScreen();
}

function jsonScreen(): Screen {
  return { migration: (view) => sayJson('migration', view), live: (progress) => sayJson('live', progress), stop() {} };
}

function sayJson(event: string, data: object): void {
  process.stdout.write(`${JSON.stringify({ event, data })}\n`);
}

const CLEAR_REST = '\u001b[K';
const WIDTH = 24;

/** One line that is written over itself; what has changed for good stays above it. */
function terminalScreen(terminal: NodeJS.WriteStream): Screen {
  let state = '';
  let share = 0;
  let open = false;
  const draw = (line: string) => {
    terminal.write(`\r${line.slice(0, Math.max(1, (terminal.columns || 80) - 1))}${CLEAR_REST}`);
    open = true;
  };
  const close = () => {
    if (open) terminal.write('\n');
    open = false;
  };
  return {
    migration(view) {
      share = view.progress.share;
      if (stateText(view) === state && !isOver(view.state)) return;
      state = stateText(view);
      close();
      if (endOf(view) === undefined) draw(`${barOf(share)} ${shareText(view)} ${state}`);
      else terminal.write(migrationText(view));
    },
    live(progress) {
      share = shareOfView(progress) ?? share;
      draw(`${barOf(share)} ${liveLine(progress)}`);
    },
    stop: close,
  };
}

function barOf(share: number): string {
  const full = Math.min(WIDTH, Math.floor(share * WIDTH));
  return '█'.repeat(full) + '░'.repeat(WIDTH - full);
}

const EVERY_MS = 5000;

/** For logs: what changes, and a line every few seconds. */
function lineScreen(): Screen {
  let state = '';
  let shownAt = 0;
  return {
    migration(view) {
      if (endOf(view) !== undefined) process.stdout.write(migrationText(view));
      else if (stateText(view) !== state) process.stdout.write(`${view.id}: ${stateText(view)}, ${shareText(view)}\n`);
      state = stateText(view);
    },
    live(progress) {
      if (Date.now() - shownAt < EVERY_MS) return;
      shownAt = Date.now();
      process.stdout.write(`${liveLine(progress)}\n`);
    },
    stop() {},
  };
}
