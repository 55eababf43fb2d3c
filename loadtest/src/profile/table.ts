/** Joins what the threads, the samples and the engine say into processor time by stage. Pure. */
import type { Measured } from './child.ts';
import { type Stage, stages } from './stages.ts';

export interface StageCost {
  readonly stage: Stage;
  readonly cpuMs: number;
  readonly usPerItem: number;
  readonly usPerRequest: number;
}

export interface LoadProfile {
  readonly load: string;
  readonly items: number;
  readonly requests: number;
  /** Seconds of load and of what followed until all was recorded. */
  readonly wallSeconds: number;
  /** Processor time of the whole process over wall time. */
  readonly cores: number;
  readonly residentMb: number;
  readonly stages: readonly StageCost[];
  readonly measured: Measured;
}

export interface LoadSize {
  readonly load: string;
  readonly items: number;
  readonly requests: number;
}

/**
 * The samples divide the main thread's processor time. The engine's threads are divided by the wall time of statements
 * that write and that read. `viewShare`: the share of what writes cost that goes away without views.
 */
export function profileOf(size: LoadSize, measured: Measured, viewShare: number): LoadProfile {
  const cpu = stageCpu(measured, viewShare);
  const total = Object.values(measured.threads).reduce((sum, us) => sum + us, 0) - measured.threads.profiler;
  return {
    ...size,
    wallSeconds: measured.wallMs / 1_000,
    cores: total / 1_000 / measured.wallMs,
    residentMb: Math.round(measured.residentMb),
    stages: stages.map((stage) => ({
      ...{ stage, cpuMs: Math.round(cpu[stage] / 1_000) },
      usPerItem: round(cpu[stage] / size.items),
      usPerRequest: Math.round(cpu[stage] / size.requests),
    })),
    measured,
  };
}

const round = (value: number): number => Math.round(value * 10) / 10;

function stageCpu({ threads, samples, engine }: Measured, viewShare: number): Record<Stage, number> {
  const sampled = Math.max(
    1,
    Object.values(samples).reduce((sum, us) => sum + us, 0),
  );
  const cpu = Object.fromEntries(stages.map((stage) => [stage, (samples[stage] / sampled) * threads.main])) as Record<
    Stage,
    number
  >;
  const statements = threads.engine + threads.pool;
  const writes = statements * (engine.insertUs / Math.max(1, engine.insertUs + engine.selectUs));
  cpu.insert += writes * (1 - viewShare);
  cpu.views += writes * viewShare;
  cpu.evidence += statements - writes;
  cpu.merges += threads.merges;
  cpu.log += threads.workers;
  cpu.garbage += threads.v8;
  cpu.other += threads.background;
  return cpu;
}

/** Processor time of writing without merges, us. For the share of the views. */
export function writingUs({ threads, engine }: Measured): number {
  const share = engine.insertUs / Math.max(1, engine.insertUs + engine.selectUs);
  return (threads.engine + threads.pool) * share;
}

/** A Markdown table: a row for each stage, two columns for each load. */
export function tableText(profiles: readonly LoadProfile[]): string {
  const heads = profiles.flatMap(({ load }) => [`${load}: us an item`, 'us a request']);
  const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  const total = (profile: LoadProfile, key: 'usPerItem' | 'usPerRequest') =>
    round(profile.stages.reduce((sum, cost) => sum + cost[key], 0));
  const rows = stages.map((stage, index) =>
    line([
      stage,
      ...profiles.flatMap((profile) => [
        profile.stages[index]?.usPerItem ?? 0,
        profile.stages[index]?.usPerRequest ?? 0,
      ]),
    ]),
  );
  const sums = profiles.flatMap((profile) => [total(profile, 'usPerItem'), total(profile, 'usPerRequest')]);
  return [line(['stage', ...heads]), line(['---', ...heads.map(() => '---:')]), ...rows, line(['all', ...sums])].join(
    '\n',
  );
}
