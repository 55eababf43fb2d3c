/**
 * Cost per alert by open alerts and by partitions. Harnesses take turns, so that noise on the machine meets all of
 * them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Reply, Request } from './child.ts';
import type { Cost } from './harness.ts';

interface CostOptions {
  readonly open: readonly number[];
  readonly partitions: readonly number[];
  readonly scopes: readonly number[];
  readonly rounds: number;
  readonly alertsPerRound: number;
  readonly bus: object;
}

/** One harness: microseconds per alert, one number per round. */
export interface Measured {
  readonly scopes: number;
  readonly partitions: number;
  readonly open: number;
  readonly fillSeconds: number;
  readonly memoryMb: number;
  readonly cpuUs: readonly number[];
  readonly wallUs: readonly number[];
}

interface Running {
  readonly spec: Pick<Measured, 'scopes' | 'partitions' | 'open'>;
  readonly child: ChildProcess;
  readonly folder: string;
  readonly fillSeconds: number;
  readonly costs: Cost[];
}

const warmUpRounds = 2;

/**
 * One group of harnesses per number of scopes: first each number of open alerts over one partition, then more
 * partitions.
 */
export async function measureCost(options: CostOptions): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const scopes of options.scopes) measured.push(...(await measureGroup(scopes, options)));
  return measured;
}

async function measureGroup(scopes: number, options: CostOptions): Promise<Measured[]> {
  const base = options.open[Math.min(1, options.open.length - 1)] ?? 1000;
  const specs = [
    ...options.open.map((open) => ({ scopes, partitions: 1, open })),
    ...options.partitions.filter((count) => count > 1).map((partitions) => ({ scopes, partitions, open: base })),
  ];
  const harnesses: Running[] = [];
  try {
    for (const spec of specs) harnesses.push(await launch(spec, options));
    for (let round = -warmUpRounds; round < options.rounds; round += 1)
      for (const { child, costs } of harnesses) {
        const cost = await ask(child, { kind: 'measure', alerts: options.alertsPerRound });
        if (round >= 0) costs.push(cost as Cost);
      }
    const memory = await Promise.all(harnesses.map(({ child }) => ask(child, { kind: 'stop' })));
    return harnesses.map(({ spec, fillSeconds, costs }, index) => ({
      ...spec,
      fillSeconds,
      memoryMb: (memory[index] as { memoryMb: number }).memoryMb,
      cpuUs: costs.map(({ cpuMs, alerts }) => (cpuMs * 1000) / alerts),
      wallUs: costs.map(({ wallMs, alerts }) => (wallMs * 1000) / alerts),
    }));
  } finally {
    for (const { child, folder } of harnesses) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function launch(spec: Running['spec'], { bus }: CostOptions): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-scale-'));
  const child = fork(join(import.meta.dirname, 'child.ts'), { execArgv: ['--expose-gc'] });
  const own =
    'kafka' in bus ? { ...bus, kafka: { ...(bus.kafka as object), topicPrefix: `${basename(folder)}.` } } : bus;
  const reply = await ask(child, { kind: 'fill', options: { ...spec, folder, bus: own } });
  const fillSeconds = (reply as { filledMs: number }).filledMs / 1000;
  console.error(`filled ${JSON.stringify(spec)} in ${fillSeconds.toFixed(1)} s`);
  return { spec, child, folder, fillSeconds, costs: [] };
}

function ask(child: ChildProcess, request: Request): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`a harness process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (reply: Reply) => {
      child.off('exit', onExit);
      resolve(reply);
    });
    child.send(request);
  });
}

/** The median of the ratios of each round, because the two values of a round were measured one after the other. */
export function medianRatio(values: readonly number[], base: readonly number[]): number {
  const ratios = values.map((value, round) => value / (base[round] ?? Number.NaN)).sort((a, b) => a - b);
  return ratios[Math.floor(ratios.length / 2)] ?? Number.NaN;
}
