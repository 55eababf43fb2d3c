/** Gives every decoder changed bodies for some seconds, and reports what threw, what took too long, and what memory was left over. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { allDecoders, type Decoder } from '@faultline/ingest/testing';
import { type Draw, mutate } from './mutate.ts';

export interface FuzzOptions {
  readonly seconds: number;
  /** The same seed draws the same bodies. */
  readonly seed: number;
  /** Default: every decoder of ingest. */
  readonly decoders?: readonly Decoder[];
}

export interface FuzzFailure {
  readonly decoder: string;
  readonly problem: string;
  /** The body, in base64. */
  readonly body: string;
}

export interface FuzzReport {
  readonly bodies: number;
  readonly failures: readonly FuzzFailure[];
  /** Heap and buffers at the end beyond those after the first tenth, both after a full collection. */
  readonly grownBytes: number;
}

/** Processor time of one body of at most 64 KiB; above it a decoder is taken to hang. */
const mostMs = 2000;
const mostFailures = 10;

/** Resolves after about so many seconds, sooner with ten failures. */
export async function fuzz({ seconds, seed, decoders = allDecoders() }: FuzzOptions): Promise<FuzzReport> {
  const draw = createDraw(seed);
  const warmUp = await fuzzFor((seconds * 1000) / 10, decoders, draw);
  const beforeBytes = await heldBytes();
  const rest = await fuzzFor((seconds * 1000 * 9) / 10, decoders, draw);
  return {
    bodies: warmUp.bodies + rest.bodies,
    failures: [...warmUp.failures, ...rest.failures].slice(0, mostFailures),
    grownBytes: (await heldBytes()) - beforeBytes,
  };
}

async function fuzzFor(durationMs: number, decoders: readonly Decoder[], draw: Draw) {
  const failures: FuzzFailure[] = [];
  const endMs = performance.now() + durationMs;
  let bodies = 0;
  while (performance.now() < endMs && failures.length < mostFailures) {
    // As a server does between requests: streams of zlib are freed in a turn of their own.
    await nextTurn();
    for (const decoder of decoders) {
      const problem = await tryOne(decoder, nextBody(decoder, draw));
      if (problem !== null) failures.push(problem);
      bodies++;
    }
  }
  return { bodies, failures };
}

function nextBody({ seeds }: Decoder, draw: Draw): Buffer {
  const pick = () => seeds[Math.floor(draw() * seeds.length)] ?? Buffer.alloc(1);
  return mutate(pick(), pick(), draw);
}

async function tryOne(decoder: Decoder, body: Buffer): Promise<FuzzFailure | null> {
  const failure = (problem: string) => ({ decoder: decoder.name, problem, body: body.toString('base64') });
  const begin = process.threadCpuUsage();
  try {
    await decoder.run(body);
  } catch (error) {
    return failure(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  const { user, system } = process.threadCpuUsage(begin);
  const tookMs = (user + system) / 1000;
  return tookMs > mostMs ? failure(`took ${Math.round(tookMs)} ms`) : null;
}

/** Mulberry32: small, and good enough to vary bytes. */
function createDraw(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** After some collections: the memory of a buffer or of a stream is freed turns after its object. */
async function heldBytes(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  for (let times = 0; times < 4; times++) {
    if (typeof collect === 'function') collect();
    await nextTurn();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
