import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CASES, type Case } from './cases.ts';
import type { Entrant, Job } from './entrant.ts';
import { type Input, prepareInputs } from './inputs.ts';
import { limits } from './limit.ts';
import { describeMachine } from './machine.ts';
import { measureCase, type Row, runFolder } from './measure.ts';
import { serve, type Server } from './nginx.ts';
import { isChosen, type Options, parseOptions } from './options.ts';
import { ours } from './ours.ts';
import { durable, PEERS } from './peers.ts';
import { runShell } from './run-shell.ts';
import { line } from './shell.ts';
import { soleRun } from './sole.ts';
import { summarise } from './summary.ts';
import { formatTable, formatVerdicts } from './table.ts';
import { formatSize } from './units.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** Makes the inputs, serves them, runs every chosen case and gives table and JSON. */
export async function bench(options: Options): Promise<{ table: string; isOursLanded: boolean }> {
  const chosen = CASES.filter(({ name }) => isChosen(name, options.only));
  if (chosen.length === 0) throw new Error(`no case is named ${options.only.join(', ')}; --list shows all`);
  await using _sole = await soleRun(options.work);
  const folder = join(options.work, `inputs-${formatSize(options.disk).replace(' ', '')}`);
  const wanted = chosen.flatMap(({ input, truth }) => (truth === 'zeros' ? [input] : [input, truth.input]));
  const inputs = await prepareInputs(folder, { size: options.disk, allocated: options.disk / 4 }, wanted, say);
  const machine = await describeMachine();
  await using server = await serve(folder);
  const peers = PEERS.filter(({ name }) => isChosen(name, options.peers));
  const entrants = [...ours(options), ...(options.durable ? peers.map(durable) : peers), ...limits(options)];
  const results: { which: Case; rows: Row[] }[] = [];
  for (const which of chosen)
    results.push({ which, rows: await runCase(which, { inputs, server, entrants, options }) });
  const summaries = results.map(({ which, rows }) => summarise(which, rows));
  const report = {
    machine,
    disk: options.disk,
    rounds: options.rounds,
    durable: options.durable,
    cases: summaries,
    measured: results.map(({ which, rows }) => ({ case: which.name, rows })),
  };
  if (options.json !== undefined) await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
  return {
    table: `${formatTable(summaries)}\n\n${formatVerdicts(summaries)}`,
    isOursLanded: results.every(({ rows }) =>
      rows.every(({ kind, leftOut }) => kind !== 'ours' || leftOut === undefined),
    ),
  };
}

interface Place {
  readonly inputs: ReadonlyMap<string, Input>;
  readonly server: Server;
  readonly entrants: readonly Entrant[];
  readonly options: Options;
}

async function runCase(which: Case, { inputs, server, entrants, options }: Place): Promise<Row[]> {
  const input = inputs.get(which.input)!; // was asked for
  const truth = which.truth === 'zeros' ? undefined : inputs.get(which.truth.input);
  const reach = (origin: string): string => (which.way === 'file' ? input.path : `${origin}/${which.input}`);
  const location = reach(which.way === 'slow' ? server.slowOrigin : server.origin);
  const job: Job = { which, input, location, fastLocation: reach(server.origin), target: 'target', scratch: 'scratch' };
  await runShell(line('dd', `if=${input.path}`, 'of=/dev/null', 'bs=8M', 'status=none'));
  return measureCase(job, entrants, {
    folder: runFolder(options.work),
    truth,
    rounds: options.rounds,
    say,
  });
}

if (import.meta.main) {
  const options = parseOptions(process.argv.slice(2));
  // Leaving by `exit` ends the server and the run under way; a signal alone would leave them behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
  if (options.list) {
    for (const { name, goals } of CASES) console.log(`${name}${goals.length > 0 ? '' : ' (shown, nothing to reach)'}`);
  } else {
    if (options.profile !== undefined) await mkdir(options.profile, { recursive: true });
    const { table, isOursLanded } = await bench(options);
    console.log(table);
    if (!isOursLanded) process.exitCode = 1;
  }
}
