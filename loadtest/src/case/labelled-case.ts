/** Reads labelled cases from disk, cuts their telemetry at the end of the case, and shifts its times. */
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { createZstdDecompress } from 'node:zlib';
import type { EvaluationCase, Signal } from './evaluation-case.ts';
import type { Truth } from './truth.ts';

/** The case ends this long after its alert. */
const tailMs = 60_000;
/**
 * Quiet cases fire their alert this much earlier. Labels can be minutes off, so this leaves a margin before the fault.
 */
const quietLeadMs = 600_000;

interface CaseFolder {
  readonly name: string;
  readonly system: string;
  readonly alert: { readonly alerts: readonly Record<string, unknown>[] };
  readonly edges: EvaluationCase['edges'];
  /** Telemetry files by signal, in sending order. */
  readonly files: readonly { readonly signal: Signal; readonly path: string }[];
}

/**
 * All folders below `root` with a case.json, sorted by name. Some senders stamp a period with its start and send it
 * late. So metrics may be stamped up to `skewMs` after the end of the case.
 */
export function findCases(root: string, truth: ReadonlyMap<string, Truth>, skewMs = 0): EvaluationCase[] {
  return findFolders(root).map((folder) =>
    toEvaluationCase(folder, { truth: truth.get(folder.name) ?? null, earlierMs: 0, skewMs }),
  );
}

/**
 * The same cases with their alert ten minutes earlier, before the fault. Metrics with clock skew would show the fault,
 * so they are not sent.
 */
export function findQuietCases(root: string): EvaluationCase[] {
  return findFolders(root).map((folder) => {
    const name = `${folder.name}-quiet`;
    const label = { services: [], overlapping: [], instance: '', kinds: [], change: null, innocent: [], sinceMs: null };
    return toEvaluationCase(
      { ...folder, name },
      { truth: { case: name, family: 'no-fault', ...label }, earlierMs: quietLeadMs, skewMs: 0 },
    );
  });
}

function findFolders(root: string): CaseFolder[] {
  if (!existsSync(root)) throw new Error(`no cases in ${root}: pass the folder of labelled cases with --cases`);
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => basename(path) === 'case.json')
    .map((path) => readFolder(root, dirname(path)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The first folder of the path names the system. */
function readFolder(root: string, path: string): CaseFolder {
  const folder = join(root, path);
  const label = readJson(join(folder, 'case.json')) as { case: string };
  return {
    name: label.case,
    system: path.split('/')[0] ?? '',
    alert: readJson(join(folder, 'alert.json')) as CaseFolder['alert'],
    edges: declaredEdges(join(folder, '../graph.json')),
    files: telemetryFiles(folder),
  };
}

function toEvaluationCase(
  { files, alert, ...folder }: CaseFolder,
  { truth, earlierMs, skewMs }: { truth: Truth | null; earlierMs: number; skewMs: number },
): EvaluationCase {
  const startsMs = (one: Record<string, unknown>): number => Date.parse(String(one['startsAt'])) - earlierMs;
  const untilMs = Math.max(...alert.alerts.map(startsMs)) + tailMs;
  const lastMs = (signal: Signal): number => untilMs + (signal === 'metrics' ? skewMs : 0);
  return {
    ...folder,
    truth,
    untilMs,
    streams: (shiftMs) =>
      files.map(({ signal, path }) => ({ signal, requests: readRequests(path, { untilMs: lastMs(signal), shiftMs }) })),
    changes: () => [],
    lateChanges: () => [],
    alerts: (shiftMs) => [
      {
        path: '/ingest/alertmanager',
        contentType: 'application/json',
        body: {
          ...alert,
          alerts: alert.alerts.map((one) => ({ ...one, startsAt: new Date(startsMs(one) + shiftMs).toISOString() })),
        },
      },
    ],
  };
}

function telemetryFiles(folder: string): CaseFolder['files'] {
  const files = [{ signal: 'metrics' as const, path: join(folder, '../history.metrics.otlp.jsonl.zst') }];
  const own = (['metrics', 'traces', 'logs'] as const).map((signal) => ({
    signal,
    path: join(folder, `${signal}.otlp.jsonl.zst`),
  }));
  return [...files, ...own].filter(({ path }) => existsSync(path));
}

function declaredEdges(path: string): EvaluationCase['edges'] {
  if (!existsSync(path)) return [];
  const graph = readJson(path) as { edges_caller_callee: readonly (readonly [from: string, to: string])[] };
  return graph.edges_caller_callee.map(([from, to]) => ({ from, to }));
}

/** Export requests of one file up to `untilMs` (case time), shifted by `shiftMs`. Skips requests that become empty. */
async function* readRequests(path: string, cut: { untilMs: number; shiftMs: number }): AsyncGenerator<object> {
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

/** Shifts items in place and removes those after the end. Returns false when no item is left. */
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

/** Leaves times before the epoch unchanged: the receiver decides what to do with them. */
function shiftItem(item: Tree, shiftNs: bigint): void {
  for (const key of timeKeys) {
    const value = item[key];
    if (value !== undefined && BigInt(String(value)) > 0n) item[key] = (BigInt(String(value)) + shiftNs).toString();
  }
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
