/** Adds up the added time by service. */
import { type AddedTime, addedTime, minZ, type TimedCalls } from './added-time.ts';

interface Options {
  /** Pool the calls of a service before the test: three callers with two slow calls each make six slow calls. */
  readonly pooled?: boolean;
  /** Services that are already suspected, so less is enough. */
  readonly suspected?: ReadonlySet<string>;
}

/** Sums by service, without what chance makes. */
export function collect(
  timed: readonly TimedCalls[],
  { pooled = false, suspected = none }: Options,
): Map<string, AddedTime> {
  const sums = new Map<string, AddedTime>();
  const suspectedTests = timed.filter(({ service }) => suspected.has(service)).length;
  for (const [service, own] of Map.groupBy(timed, (one) => one.service)) {
    const [tests, least] = suspected.has(service) ? [suspectedTests, suspectedZ] : [timed.length, minZ];
    const all = own.map(addedTime).filter(({ calls }) => calls > 0);
    const kept = pooled ? all : all.filter(({ z, addedUs }) => z >= least || addedUs <= 0);
    const sum = kept.reduce<AddedTime | undefined>(
      (total, one) => (total === undefined ? one : join(total, one)),
      undefined,
    );
    if (sum === undefined) continue;
    const z = pooled ? Math.max(sum.z, stouffer(all.map((one) => one.z))) : sum.z;
    if (z >= least || sum.addedUs <= 0) sums.set(service, { ...sum, z, tests });
  }
  return sums;
}

/** For a service whose alert already says that it is slow: it was not picked out of all services. */
const suspectedZ = 2;
const none: ReadonlySet<string> = new Set();

/** One z from several independent ones (Stouffer, 1949). */
function stouffer(zs: readonly number[]): number {
  return zs.reduce((sum, z) => sum + z, 0) / Math.sqrt(Math.max(1, zs.length));
}

function join(a: AddedTime, b: AddedTime): AddedTime {
  const lead = b.addedUs > a.addedUs ? b : a;
  const total = { addedUs: a.addedUs + b.addedUs, expectedUs: a.expectedUs + b.expectedUs, calls: a.calls + b.calls };
  return { ...lead, ...total, z: Math.max(a.z, b.z) };
}
