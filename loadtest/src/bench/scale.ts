/**
 * `npm run bench -- scale [--bus kafka] [--part cost,restart] [--open 1000,10000,100000] [--folder DIR]`: cost of an
 * alert in the correlator by open alerts and partitions, and time of a start over a long history. A named history
 * folder is kept and reused.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Measured, measureCost, medianRatio } from '../scale/cost.ts';
import { cleanHistory, fillHistory } from '../scale/history.ts';
import { measureRestart, type Restarted } from '../scale/restart.ts';

const options = {
  bus: { type: 'string', default: 'embedded' },
  part: { type: 'string', default: 'cost,restart' },
  open: { type: 'string', default: '1000,10000,100000' },
  partitions: { type: 'string', default: '1,2,4' },
  scopes: { type: 'string', default: '1,64' },
  rounds: { type: 'string', default: '15' },
  alerts: { type: 'string', default: '1000' },
  closed: { type: 'string', default: '1000000' },
  folder: { type: 'string' },
} as const;

const numbers = (text: string): number[] => text.split(',').map(Number);
const twoDigits = (value: number) => Math.round(value * 100) / 100;
const restartScopes = 8;

/** Prints one JSON line. */
export async function run(): Promise<object> {
  const { values } = parseArgs({ allowPositionals: true, options });
  const parts = values.part.split(',');
  const cost = parts.includes('cost') ? await runCostOver(values.bus, values) : {};
  const restart = parts.includes('restart') && values.bus === 'embedded' ? await runRestart(values) : {};
  const result = { bus: values.bus, ...cost, ...restart };
  console.log(JSON.stringify(result));
  return result;
}

interface CostFlags {
  readonly open: string;
  readonly partitions: string;
  readonly scopes: string;
  readonly rounds: string;
  readonly alerts: string;
}

/** Starts a broker for Kafka. */
async function runCostOver(bus: string, flags: CostFlags): Promise<object> {
  if (bus !== 'kafka') return runCost(flags, {});
  const { startKafka } = await import('@faultline/servers');
  const kafka = await startKafka({ brokers: 1 });
  try {
    const brokers = kafka.brokers.map(({ port }) => `127.0.0.1:${port}`);
    return await runCost(flags, { kind: 'kafka', kafka: { brokers, replicationFactor: 1, minInSyncReplicas: 1 } });
  } finally {
    await kafka.stop();
  }
}

async function runCost(flags: CostFlags, bus: object): Promise<object> {
  const measured = await measureCost({
    open: numbers(flags.open),
    partitions: numbers(flags.partitions),
    scopes: numbers(flags.scopes),
    rounds: Number(flags.rounds),
    alertsPerRound: Number(flags.alerts),
    bus,
  });
  return { store: 'empty', harnesses: measured.map(rounded), ratios: ratiosOf(measured) };
}

/** Ratios to the first harness with the same number of scopes. */
function ratiosOf(measured: readonly Measured[]): object[] {
  return measured.flatMap((harness) => {
    const base = measured.find(({ scopes }) => scopes === harness.scopes);
    if (base === undefined || base === harness) return [];
    const { scopes, partitions, open } = harness;
    const cpu = twoDigits(medianRatio(harness.cpuUs, base.cpuUs));
    const wall = twoDigits(medianRatio(harness.wallUs, base.wallUs));
    return [{ scopes, partitions, open, against: { partitions: base.partitions, open: base.open }, cpu, wall }];
  });
}

function rounded(harness: Measured): Measured {
  const whole = (values: readonly number[]) => values.map(Math.round);
  return {
    ...harness,
    fillSeconds: Math.round(harness.fillSeconds),
    memoryMb: Math.round(harness.memoryMb),
    cpuUs: whole(harness.cpuUs),
    wallUs: whole(harness.wallUs),
  };
}

interface RestartFlags {
  readonly open: string;
  readonly closed: string;
  readonly folder?: string | undefined;
}

/** Measures twice: over a log that was never compacted, as after a broker postponed it, and over a compacted one. */
async function runRestart(flags: RestartFlags): Promise<object> {
  const folder = flags.folder ?? mkdtempSync(join(tmpdir(), 'faultline-bench-scale-'));
  const open = Math.max(...numbers(flags.open));
  const closed = Number(flags.closed);
  try {
    const startedAt = performance.now();
    const isFresh = await fillHistory({ folder, open, closed, scopes: restartScopes });
    const fillSeconds = Math.round((performance.now() - startedAt) / 1000);
    const uncleaned = isFresh ? { uncleaned: inSeconds(await measureRestart(folder)) } : {};
    await cleanHistory(folder);
    const cleaned = await measureRestart(folder);
    return { restart: { open, closed, fillSeconds, ...uncleaned, cleaned: inSeconds(cleaned) } };
  } finally {
    if (flags.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

function inSeconds({ acceptedMs, firstPageMs, queryReadyMs, cpuMs, residentMb, logMb, parts }: Restarted): object {
  return {
    firstPageSeconds: twoDigits(firstPageMs / 1000),
    cpuSeconds: twoDigits(cpuMs / 1000),
    acceptedSeconds: twoDigits(acceptedMs / 1000),
    queryReadySeconds: twoDigits(queryReadyMs / 1000),
    residentMb: Math.round(residentMb),
    logMb: Math.round(logMb),
    parts,
  };
}

if (import.meta.main) await run();
