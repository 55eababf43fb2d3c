/** Compares two versions of an object path by path. Pure. */
import { type ChangedPath, maxChangedPaths } from '@faultline/model';
import type { Json, JsonObject } from '../api/json.ts';
import { appendStep, partsOf } from '../path/path.ts';

export interface Differences {
  /** Sorted by path, at most `maxChangedPaths`. */
  readonly paths: readonly ChangedPath[];
  readonly omittedPaths: number;
}

const maxValueChars = 200;

/** Items of lists are matched by their `name`, `mountPath`, `containerPort` and the like, where each item has one of its own. */
export function compareBodies(before: JsonObject, after: JsonObject): Differences {
  const found: ChangedPath[] = [];
  comparePart(before, after, '', found);
  found.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { paths: found.slice(0, maxChangedPaths), omittedPaths: Math.max(0, found.length - maxChangedPaths) };
}

function comparePart(before: Json | undefined, after: Json | undefined, path: string, found: ChangedPath[]): void {
  if (before === after || isNoise(path)) return;
  const [a, b] = [partsOf(before), partsOf(after)];
  // A whole part that came or went is one difference, unless both sides have fields.
  if (a === null || b === null) {
    if (JSON.stringify(before) !== JSON.stringify(after)) found.push({ path, from: shown(before), to: shown(after) });
    return;
  }
  for (const segment of new Set([...a.keys(), ...b.keys()]))
    comparePart(a.get(segment)?.value, b.get(segment)?.value, appendStep(path, segment), found);
}

/** Fields that the server or a controller fills in or counts, and that nobody changed. */
const noise: readonly RegExp[] = [
  /(^|\.)metadata\.annotations\["(kubectl\.kubernetes\.io\/restartedAt|[^"]*checksum)/,
  /\.(terminationMessagePath|terminationMessagePolicy|schedulerName|dnsPolicy|securityContext\.procMount)$/,
  /^spec\.(clusterIPs?|ipFamilies|ipFamilyPolicy|internalTrafficPolicy|healthCheckNodePort|podCIDRs?|providerID)(\[|\.|$)/,
  /^metadata\.annotations\["(node\.alpha\.kubernetes\.io|volumes\.kubernetes\.io|csi\.volume\.kubernetes\.io|pv\.kubernetes\.io)/,
  /\.caBundle$/,
];

/** Whether nobody changed what is at a path: the server or a controller fills it in. */
export function isNoise(path: string): boolean {
  return noise.some((pattern) => pattern.test(path));
}

/** JSON of a value, cut at 200 characters; null where it is absent. */
export function shown(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const json = JSON.stringify(value);
  return json.length <= maxValueChars ? json : `${json.slice(0, maxValueChars - 1)}…`;
}
