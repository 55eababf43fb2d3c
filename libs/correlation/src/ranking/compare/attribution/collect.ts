/** Adds up what was added, by service. */
import { type AddedTime, added, type Entry, minZ } from './added-time.ts';

/** Sums by service. Entries are pooled before they are tested: three callers that each saw two slow calls are six slow calls. */
export function collect(
  entries: readonly Entry[],
  { pooled = false, asked = nobody }: { pooled?: boolean; asked?: ReadonlySet<string> },
): Map<string, AddedTime> {
  const sums = new Map<string, AddedTime>();
  const askedTests = entries.filter(({ service }) => asked.has(service)).length;
  for (const [service, own] of Map.groupBy(entries, (entry) => entry.service)) {
    const [tests, least] = asked.has(service) ? [askedTests, askedZ] : [entries.length, minZ];
    const all = own.map(added).filter(({ calls }) => calls > 0);
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

/** Of a service that an alert already calls slow, less is chance: it was not looked for among all. */
const askedZ = 2;
const nobody: ReadonlySet<string> = new Set();

/** One z from several independent ones (Stouffer, 1949). */
function stouffer(zs: readonly number[]): number {
  return zs.reduce((sum, z) => sum + z, 0) / Math.sqrt(Math.max(1, zs.length));
}

function join(a: AddedTime, b: AddedTime): AddedTime {
  const lead = b.addedUs > a.addedUs ? b : a;
  const total = { addedUs: a.addedUs + b.addedUs, expectedUs: a.expectedUs + b.expectedUs, calls: a.calls + b.calls };
  return { ...lead, ...total, z: Math.max(a.z, b.z) };
}
