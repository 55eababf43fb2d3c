/** Labelled cases as cases/README.md lays them out: where they are, their telemetry cut and moved in time, their labels. */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createZstdDecompress } from 'node:zlib';

export interface Case {
  readonly name: string;
  readonly system: string;
  readonly folder: string;
  /** The alert's start, ms, as labelled. */
  readonly alertMs: number;
  readonly alert: { readonly alerts: readonly Record<string, unknown>[] };
  /** Declared edges, caller to callee. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** Telemetry files by signal, in the order in which to send them. */
  readonly files: readonly { readonly signal: 'traces' | 'logs' | 'metrics'; readonly path: string }[];
}

/** Every folder below `root` with a case.json, sorted by name. */
export function findCases(root: string): Case[] {
  if (!existsSync(root)) throw new Error(`no cases at ${root}: give the folder of labelled incidents with --cases`);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'case.json')
    .map((path) => readCase(root, dirname(path)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The first folder of the path is the system. */
function readCase(root: string, path: string): Case {
  const folder = join(root, path);
  const label = readJson(join(folder, 'case.json')) as { case: string };
  const alert = readJson(join(folder, 'alert.json')) as Case['alert'];
  return {
    name: label.case,
    system: path.split('/')[0] ?? '',
    folder,
    alert,
    alertMs: Date.parse(String(alert.alerts[0]?.['startsAt'])),
    edges: declaredEdges(join(folder, '../graph.json')),
    files: telemetryFiles(folder),
  };
}

function telemetryFiles(folder: string): Case['files'] {
  const files = [{ signal: 'metrics' as const, path: join(folder, '../history.metrics.otlp.jsonl.zst') }];
  const own = (['metrics', 'traces', 'logs'] as const).map((signal) => ({
    signal,
    path: join(folder, `${signal}.otlp.jsonl.zst`),
  }));
  return [...files, ...own].filter(({ path }) => existsSync(path));
}

function declaredEdges(path: string): Case['edges'] {
  if (!existsSync(path)) return [];
  const graph = readJson(path) as { edges_caller_callee: readonly (readonly [from: string, to: string])[] };
  return graph.edges_caller_callee.map(([from, to]) => ({ from, to }));
}

/** The labelled service of each case. */
export function readTruth(folder: string): ReadonlyMap<string, string> {
  const labels = readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readJson(join(folder, file)) as { case: string; service: string });
  return new Map(labels.map((label) => [label.case, label.service]));
}

/** The export requests of one file, cut at `untilMs` (labelled time) and moved by `shiftMs`; requests left empty are dropped. */
export async function* readRequests(path: string, cut: { untilMs: number; shiftMs: number }): AsyncGenerator<object> {
  const lines = createInterface({
    input: createReadStream(path).pipe(createZstdDecompress()),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const request = JSON.parse(line) as Tree;
    if (moveInTime(request, { untilNs: BigInt(cut.untilMs) * 1_000_000n, shiftNs: BigInt(cut.shiftMs) * 1_000_000n }))
      yield request;
  }
}

type Tree = { [key: string]: unknown };
const itemLists = new Set(['spans', 'logRecords', 'dataPoints']);
const timeKeys = ['startTimeUnixNano', 'endTimeUnixNano', 'timeUnixNano', 'observedTimeUnixNano'];

/** Moves every item in place and drops those after the cut; false when no item is left. */
function moveInTime(node: Tree, cut: { untilNs: bigint; shiftNs: bigint }): boolean {
  let kept = false;
  for (const [key, value] of Object.entries(node)) {
    if (itemLists.has(key)) {
      const items = (value as Tree[]).filter((item) => itemEndNs(item) <= cut.untilNs);
      for (const item of items) shiftItem(item, cut.shiftNs);
      node[key] = items;
      kept ||= items.length > 0;
    } else if (Array.isArray(value))
      for (const child of value) kept = (isTree(child) && moveInTime(child, cut)) || kept;
    else if (isTree(value)) kept = moveInTime(value, cut) || kept;
  }
  return kept;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function itemEndNs(item: Tree): bigint {
  return BigInt(String(item['endTimeUnixNano'] ?? item['timeUnixNano'] ?? 0));
}

/** Times before the epoch are not times: they stay as they are, for the receiver to judge. */
function shiftItem(item: Tree, shiftNs: bigint): void {
  for (const key of timeKeys) {
    const value = item[key];
    if (value !== undefined && BigInt(String(value)) > 0n) item[key] = (BigInt(String(value)) + shiftNs).toString();
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
