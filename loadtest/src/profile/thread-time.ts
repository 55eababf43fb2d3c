/** Processor time of the threads of this process, from Linux's /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/** Microseconds of processor time (user and system) by what a thread does. */
export interface ThreadTimes {
  /** JavaScript's main thread. */
  readonly main: number;
  /** Workers of this program: the threads of the embedded log. */
  readonly workers: number;
  /** Garbage collection and compilation beside the main thread. */
  readonly v8: number;
  /** libuv's pool: the engine's statements begin here; files and compression too. */
  readonly pool: number;
  /** The engine's threads that work on statements. */
  readonly engine: number;
  readonly merges: number;
  /** Background work of the engine that no statement and no merge asks for. */
  readonly background: number;
  /** The measurement itself. */
  readonly profiler: number;
}

type ThreadKind = keyof ThreadTimes;

/** Linux reports processor time in ticks of 10 ms to every program. */
const usPerTick = 10_000;
const kindOfName: Readonly<Record<string, ThreadKind>> = {
  WorkerThread: 'workers',
  V8Worker: 'v8',
  DelayedTaskSche: 'v8',
  'v8:ProfEvntProc': 'profiler',
  'libuv-worker': 'pool',
  // The engine renames a thread of the pool once it has run a statement there.
  Unknown: 'pool',
  MergeMutate: 'merges',
  BgSchPool: 'background',
  BgStrmSchPool: 'background',
  PoolDelayExec: 'background',
  MemoryWorker: 'background',
  Common: 'background',
  Move: 'background',
  Fetch: 'background',
  SignalInspector: 'background',
  MainThread: 'background',
};

/** The engine names a thread after its task, so threads with other names are its own. */
export function readThreadTimes(): ThreadTimes {
  const times = { main: 0, workers: 0, v8: 0, pool: 0, engine: 0, merges: 0, background: 0, profiler: 0 };
  for (const id of readdirSync('/proc/self/task')) {
    const thread = readThread(id);
    if (thread === null) continue;
    const kind = Number(id) === process.pid ? 'main' : (kindOfName[thread.name] ?? 'engine');
    times[kind] += thread.us;
  }
  return times;
}

/** What was used in between. `processUs`: that of the whole process, which includes threads that have ended. */
export function difference(before: ThreadTimes, after: ThreadTimes, processUs: number): ThreadTimes {
  const kinds = Object.keys(after) as ThreadKind[];
  const used = kinds.map((kind) => [kind, Math.max(0, after[kind] - before[kind])] as const);
  const ended = Math.max(0, processUs - used.reduce((sum, [, us]) => sum + us, 0));
  const times = Object.fromEntries(used) as Record<ThreadKind, number>;
  return { ...times, engine: times.engine + ended };
}

/** Null when the thread has just ended. */
function readThread(id: string): { readonly name: string; readonly us: number } | null {
  try {
    const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
    const nameEnd = stat.lastIndexOf(')');
    const fields = stat.slice(nameEnd + 2).split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { name: stat.slice(stat.indexOf('(') + 1, nameEnd), us: ticks * usPerTick };
  } catch {
    return null;
  }
}
