/** The memory of this process, by who holds it. */
import { readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { EngineMemory } from '@faultline/store/bench-memory';

/** Sizes in MiB, so that a line of output can be read. */
export interface MemorySample {
  /** Since the load began. */
  readonly seconds: number;
  /** Resident set: all of it, its anonymous pages, and its pages of files such as the engine's library. */
  readonly rss: number;
  readonly rssAnonymous: number;
  readonly rssFiles: number;
  /** V8's heap: used, and reserved. */
  readonly heapUsed: number;
  readonly heapTotal: number;
  /** Memory outside the heap that JavaScript objects hold. Buffers are a part of it. */
  readonly external: number;
  readonly arrayBuffers: number;
  /** The embedded engine: allocated, pages held by its allocator, and merges under way. */
  readonly engineAllocated: number;
  readonly engineResident: number;
  readonly engineMerges: number;
  /** Anonymous pages that nobody above names: threads' stacks, other heaps (SQLite, worker threads), and gaps of the C library. */
  readonly other: number;
  /** Active parts of the store's tables. */
  readonly parts: number;
  /** Longest time since the last sample in which the process ran nothing else, ms. */
  readonly longestHoldMs: number;
}

const mib = 1024 * 1024;

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();

function longestHoldMs(): number {
  const longestMs = Math.round(delay.max / 1e6);
  delay.reset();
  return longestMs;
}

/** Reads the memory of this process. `seconds` is passed through. */
export function readSample(seconds: number, engine: EngineMemory): MemorySample {
  const node = process.memoryUsage();
  const status = readFileSync('/proc/self/status', 'utf8');
  const anonymous = statusBytes(status, 'RssAnon');
  const other = anonymous - node.heapTotal - node.external - engine.residentBytes;
  return {
    seconds: Math.round(seconds),
    rss: mibOf(node.rss),
    rssAnonymous: mibOf(anonymous),
    rssFiles: mibOf(statusBytes(status, 'RssFile')),
    heapUsed: mibOf(node.heapUsed),
    heapTotal: mibOf(node.heapTotal),
    external: mibOf(node.external),
    arrayBuffers: mibOf(node.arrayBuffers),
    engineAllocated: mibOf(engine.allocatedBytes),
    engineResident: mibOf(engine.residentBytes),
    engineMerges: mibOf(engine.mergeBytes),
    other: mibOf(other),
    parts: engine.parts,
    longestHoldMs: longestHoldMs(),
  };
}

const mibOf = (bytes: number): number => Math.round(bytes / mib);

function statusBytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
}
