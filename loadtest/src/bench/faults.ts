/**
 * `npm run bench -- faults [--short] [--only NAME,NAME] [--spans N] [--alerts N] [--embedded] [--against FILE]`: sends
 * alerts and spans to Faultline processes over three brokers and a ClickHouse server while these are killed. Prints one
 * JSON line per run. `--embedded`: one process over the embedded log. `--against FILE`: takes the baseline run from the
 * output of an earlier call.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type FaultRun, type RunResult, runFault } from '../faults/run.ts';
import { fullRuns, fullSize, shortRuns, shortSize } from '../faults/runs.ts';
import { type SharedServers, startServers } from '../faults/servers.ts';

/** Sets the exit code when a run has problems. */
export async function run(): Promise<readonly RunResult[]> {
  const { short, only, spans, alerts, embedded, against, hold, verbose } = parseArgs({
    args: process.argv.slice(3),
    options: {
      short: { type: 'boolean', default: false },
      only: { type: 'string' },
      spans: { type: 'string' },
      alerts: { type: 'string' },
      embedded: { type: 'boolean', default: false },
      against: { type: 'string' },
      hold: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
    },
  }).values;
  const usual = short ? shortSize : fullSize;
  const size = { ...usual, spans: Number(spans ?? usual.spans), alerts: Number(alerts ?? usual.alerts) };
  const before = against === undefined ? null : baselineRunOf(readFileSync(against, 'utf8'));
  const runs = chosenRuns(short, only).slice(before === null ? 0 : 1);
  const log = (text: string) => void (verbose && process.stderr.write(`${new Date().toISOString()} ${text}\n`));
  const servers = await startServers(embedded ? 'embedded' : 'kafka');
  // Start of a window, so that every workload fills the same windows.
  const startMs = before?.startMs ?? Math.floor(Date.now() / 10_000) * 10_000;
  const results: RunResult[] = [];
  try {
    for (const each of runs) {
      const { outcome: baseline = null } = before ?? results[0] ?? {};
      const result = await runFault(each, { servers, size, startMs, baseline, log });
      results.push(result);
      if (result.problems.length > 0) process.exitCode = 1;
      if (result.problems.length > 0 && hold) await waitForSignal(servers);
      console.log(JSON.stringify(result));
    }
  } catch (error) {
    process.exitCode = 1;
    throw error;
  } finally {
    const isKept = process.exitCode === 1;
    await servers.close(isKept ? 'keep' : undefined);
    if (isKept) process.stderr.write(`The logs of the processes are in ${servers.folder}\n`);
  }
  return results;
}

/** Throws when the lines contain no baseline run without problems. */
function baselineRunOf(lines: string): RunResult {
  const results = lines.split('\n').filter((line) => line.startsWith('{"name"'));
  const baseline = results.map((line) => JSON.parse(line) as RunResult).find(({ name }) => name === 'baseline');
  if (baseline === undefined || baseline.problems.length > 0)
    throw new Error('The file has no baseline run without problems.');
  return baseline;
}

/** Keeps the servers running for inspection. */
async function waitForSignal({ kafka, clickhouse }: SharedServers): Promise<void> {
  process.stderr.write(
    `Kafka at ${kafka?.bootstrap ?? '-'}, ClickHouse at ${clickhouse.url}; send SIGUSR2 to continue\n`,
  );
  const alive = setInterval(() => {}, 60_000);
  await new Promise((resolve) => process.once('SIGUSR2', resolve));
  clearInterval(alive);
}

/** The baseline run always comes first, because the others are compared with it. */
function chosenRuns(short: boolean, only: string | undefined): readonly FaultRun[] {
  const [baseline, ...others] = short ? shortRuns : fullRuns;
  if (baseline === undefined || only === undefined) return short ? shortRuns : fullRuns;
  const all = [...others, ...fullRuns.filter(({ name }) => name !== 'baseline')];
  const chosen = only.split(',').filter((name) => name !== 'baseline');
  const names = all.map(({ name }) => name);
  const unknown = chosen.find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`There is no fault run '${unknown}'. Choose from: ${[...new Set(names)].join(', ')}.`);
  return [baseline, ...chosen.flatMap((name) => all.find((run) => run.name === name) ?? [])];
}
