/** Compares two versions of an object path by path. Pure. */
import { type ChangedPath, maxChangedPaths } from '@faultline/model';
import { isObject, type Json, type JsonObject, text } from '../api/json.ts';

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
  const [a, b] = [asFields(before), asFields(after)];
  // A whole part that came or went is one difference, unless both sides have fields.
  if (a === null || b === null) {
    if (JSON.stringify(before) !== JSON.stringify(after)) found.push({ path, from: shown(before), to: shown(after) });
    return;
  }
  for (const key of new Set([...a.keys(), ...b.keys()])) comparePart(a.get(key), b.get(key), join(path, key), found);
}

/** Fields by path segment; null for a plain value and for a list whose items have no names. */
function asFields(value: Json | undefined): ReadonlyMap<string, Json> | null {
  if (isObject(value)) return new Map(Object.entries(value).map(([key, part]) => [segment(key), part]));
  if (!Array.isArray(value)) return null;
  const items = value as readonly Json[];
  const names = items.map(nameOfItem);
  if (items.length === 0 || names.includes('') || new Set(names).size < names.length) return null;
  return new Map(items.map((item, index) => [`[${names[index]}]`, item]));
}

const itemNames = ['name', 'mountPath', 'containerPort', 'port', 'ip', 'key', 'host', 'path', 'type'] as const;

function nameOfItem(item: Json): string {
  const key = itemNames.find((candidate) => text(item, candidate) !== '');
  return key === undefined ? '' : text(item, key);
}

/** Keys with dots are quoted, as in `metadata.labels["app.kubernetes.io/name"]`. */
function segment(key: string): string {
  return /^[\w-]+$/.test(key) ? key : `["${key}"]`;
}

function join(path: string, key: string): string {
  return path === '' || key.startsWith('[') ? `${path}${key}` : `${path}.${key}`;
}

/** Fields that the server or a controller fills in or counts, and that nobody changed. */
const noise: readonly RegExp[] = [
  /(^|\.)metadata\.annotations\["(kubectl\.kubernetes\.io\/restartedAt|[^"]*checksum)/,
  /\.(terminationMessagePath|terminationMessagePolicy|schedulerName|dnsPolicy|securityContext\.procMount)$/,
  /^spec\.(clusterIPs?|ipFamilies|ipFamilyPolicy|internalTrafficPolicy|healthCheckNodePort|podCIDRs?|providerID)(\[|\.|$)/,
  /^metadata\.annotations\["(node\.alpha\.kubernetes\.io|volumes\.kubernetes\.io|csi\.volume\.kubernetes\.io|pv\.kubernetes\.io)/,
  /\.caBundle$/,
];

function isNoise(path: string): boolean {
  return noise.some((pattern) => pattern.test(path));
}

function shown(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const json = JSON.stringify(value);
  return json.length <= maxValueChars ? json : `${json.slice(0, maxValueChars - 1)}…`;
}
