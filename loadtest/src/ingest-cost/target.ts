/** Something that takes OTLP, in a process of its own, and the processor time of that process. */
import { readFileSync } from 'node:fs';

export interface Target {
  readonly name: string;
  readonly pid: number;
  readonly grpc: number;
  readonly http: number;
  stop(): Promise<void>;
}

/** Linux reports processor time in ticks of 10 ms to every program. */
const usPerTick = 10_000;

/** Processor time of a process so far, with its threads, in microseconds. */
export function processorUs({ pid }: Pick<Target, 'pid'>): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * usPerTick;
}
