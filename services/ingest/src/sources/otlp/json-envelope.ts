/** The outer part of an OTLP/JSON export request: one walk for the three signals. */
import type { Log, MetricPoint, Span } from '@faultline/model';
import type { AnyItem, ItemKind } from '../../encode/encoded-items.ts';
import { logItems, pointItems, spanItems } from '../../encode/kinds.ts';
import type { BareResource, Problem } from '../../source.ts';
import type { Steps } from '../../steps.ts';
import { type Batch, BatchBuilder, type OpenScope } from './batch.ts';
import {
  attributesAt,
  fieldAt,
  isObject,
  type JsonObject,
  listAt,
  objectAt,
  ShapeError,
  textAt,
} from './json-value.ts';
import { logPartsOfJson, toLog } from './logs.ts';
import { pointProblem, toPoint } from './metric-point.ts';
import { metricsOfJson, pointOfJson } from './metrics-json.ts';
import { RefusedItem } from './refused.ts';
import { spanPartsOfJson, toSpan } from './spans.ts';
import { attributesProblem, boundedText, type ItemRules, spanProblem } from './validity.ts';

/** A bad item with what it stood in, and the names of the lists that hold them. */
export interface RawJsonItem {
  readonly resource: unknown;
  readonly scope: unknown;
  readonly item: () => JsonObject;
}

type Judged<Item> = { readonly item: Item } | { readonly problem: Problem };
type Judge<Item> = (item: JsonObject, scope: OpenScope, rules: ItemRules) => Judged<Item>;

interface ListNames {
  readonly resources: string;
  readonly scopes: string;
  readonly items: string;
  /** What `scopes` and `items` were called before OTLP 0.15, with `instrumentationLibrary` for `scope`. */
  readonly oldScopes: string;
  readonly oldItems: string;
}

export interface Shape<Item extends AnyItem> extends ListNames {
  readonly kind: ItemKind<Item>;
  /** The items in one entry of the innermost list, each with how it is judged and how it is kept when bad. */
  readonly expand: (entry: JsonObject) => readonly { raw: () => JsonObject; judge: Judge<Item>; json: JsonObject }[];
}

const spanShape: Shape<Span> = {
  kind: spanItems,
  resources: 'resourceSpans',
  scopes: 'scopeSpans',
  items: 'spans',
  oldScopes: 'instrumentationLibrarySpans',
  oldItems: 'spans',
  expand: (entry) => [{ raw: () => entry, json: entry, judge: judgeSpan }],
};
const logShape: Shape<Log> = {
  kind: logItems,
  resources: 'resourceLogs',
  scopes: 'scopeLogs',
  items: 'logRecords',
  oldScopes: 'instrumentationLibraryLogs',
  oldItems: 'logs',
  expand: (entry) => [{ raw: () => entry, json: entry, judge: judgeLog }],
};
const metricShape: Shape<MetricPoint> = {
  kind: pointItems,
  resources: 'resourceMetrics',
  scopes: 'scopeMetrics',
  items: 'metrics',
  oldScopes: 'instrumentationLibraryMetrics',
  oldItems: 'metrics',
  expand: (entry) =>
    metricsOfJson(entry).flatMap(({ head, points, withPoint }) =>
      points.map((json) => ({
        raw: () => withPoint(json),
        json,
        judge: (point: JsonObject, scope: OpenScope, rules: ItemRules) => {
          const parts = pointOfJson(point, head.kind, rules);
          const problem = pointProblem(head, parts, rules);
          return problem === null ? { item: toPoint(head, parts, scope.index, rules) } : { problem };
        },
      })),
    ),
};
export const jsonShapes = { spans: spanShape, logs: logShape, metrics: metricShape };

function judgeSpan(span: JsonObject, scope: OpenScope, rules: ItemRules): Judged<Span> {
  const parts = spanPartsOfJson(span, rules);
  const problem = spanProblem(parts, rules);
  return problem === null ? { item: toSpan(parts, scope.index, rules) } : { problem };
}

function judgeLog(log: JsonObject, scope: OpenScope, rules: ItemRules): Judged<Log> {
  const parts = logPartsOfJson(log, rules);
  const problem = attributesProblem(parts.attributeCount, rules);
  return problem === null ? { item: toLog(parts, scope.index, rules) } : { problem };
}

/** A parsed body and the size of its text. */
export interface JsonBody {
  readonly value: unknown;
  readonly sentBytes: number;
}

/**
 * Walks a parsed request. Throws ShapeError when the outer part is not a request, RefusedRequest when it is over a limit; what is wrong inside
 * an item is the item's own fault.
 */
export function* decodeJson<Item extends AnyItem>(
  body: JsonBody,
  rules: ItemRules,
  shape: Shape<Item>,
): Steps<Batch<Item, RawJsonItem>> {
  if (!isObject(body.value)) throw new ShapeError('body: expected an object');
  checkTop(body.value, shape);
  const batch = new BatchBuilder<Item, RawJsonItem>(shape.kind, rules.limits, body.sentBytes);
  for (const holder of listAt(body.value, shape.resources)) {
    batch.countResource(shape.resources);
    const resource = objectAt(holder, 'resource');
    const open: OpenResource = { resource, ...resourceAttributes(resource, rules) };
    for (const scopeHolder of scopesOf(holder, shape)) yield* addScope(batch, { scopeHolder, open, rules, shape });
  }
  return batch.build();
}

function scopesOf(holder: JsonObject, { scopes, oldScopes }: ListNames): readonly JsonObject[] {
  const list = listAt(holder, scopes);
  return list.length > 0 ? list : listAt(holder, oldScopes);
}

function itemsOf(scopeHolder: JsonObject, { items, oldItems }: ListNames): readonly JsonObject[] {
  const list = listAt(scopeHolder, items);
  return list.length > 0 || oldItems === items ? list : listAt(scopeHolder, oldItems);
}

/** Lists of other signals, of inner levels and of other tools. A body that has one of them and not ours was meant for something else. */
const otherLists: readonly string[] = [
  'resourceSpans',
  'resourceLogs',
  'resourceMetrics',
  'scopeSpans',
  'scopeLogs',
  'scopeMetrics',
  'spans',
  'logRecords',
  'metrics',
  'batches',
];

/** Unknown fields are ignored, as the specification asks. But a body that only has a list of something else is refused, not swallowed. */
function checkTop(body: JsonObject, { resources }: ListNames): void {
  if (resources in body || fieldAt(body, resources) !== undefined) return;
  const other = otherLists.find((name) => fieldAt(body, name) !== undefined);
  if (other !== undefined) throw new ShapeError(`${resources}: expected an array; the body has ${other}`);
}

interface OpenResource {
  readonly resource: JsonObject;
  readonly attributes: BareResource['attributes'];
  readonly problem: Problem | null;
}

interface ScopeOptions<Item extends AnyItem> {
  readonly scopeHolder: JsonObject;
  readonly open: OpenResource;
  readonly rules: ItemRules;
  readonly shape: Shape<Item>;
}

function* addScope<Item extends AnyItem>(
  batch: BatchBuilder<Item, RawJsonItem>,
  options: ScopeOptions<Item>,
): Steps<void> {
  const { scopeHolder, open, rules, shape } = options;
  const { resource, attributes, problem } = open;
  const scope = objectAt(scopeHolder, fieldAt(scopeHolder, 'scope') === undefined ? 'instrumentationLibrary' : 'scope');
  const maxLength = rules.limits.labelValueBytes;
  const bare: BareResource = {
    attributes,
    scopeName: boundedText(textAt(scope, 'name'), maxLength),
    scopeVersion: boundedText(textAt(scope, 'version'), maxLength),
  };
  const openScope = batch.openScope(bare, shape.scopes);
  const place = { resource, scope, problem, openScope };
  for (const [index, entry] of itemsOf(scopeHolder, shape).entries()) {
    addEntry(batch, { entry, place, rules, shape });
    if (index % entriesPerStep === 0) yield;
  }
}

/** Entries between two steps. A metric may hold many points. */
const entriesPerStep = 16;

interface EntryOptions<Item extends AnyItem> {
  readonly entry: JsonObject;
  readonly place: { resource: JsonObject; scope: JsonObject; problem: Problem | null; openScope: OpenScope };
  readonly rules: ItemRules;
  readonly shape: Shape<Item>;
}

function addEntry<Item extends AnyItem>(batch: BatchBuilder<Item, RawJsonItem>, options: EntryOptions<Item>): void {
  const { entry, place, rules, shape } = options;
  const refuse = (problem: Problem, item: () => JsonObject) =>
    batch.refuse(problem, () => ({ resource: place.resource, scope: place.scope, item }));
  rules.spendItem();
  const expanded = attempt(() => shape.expand(entry));
  if ('problem' in expanded) {
    refuse(expanded.problem, () => entry);
    return;
  }
  for (const { raw, json, judge } of expanded.value) {
    rules.spendItem();
    const judged =
      place.problem === null ? attempt(() => judge(json, place.openScope, rules)) : { problem: place.problem };
    if ('problem' in judged) refuse(judged.problem, raw);
    else if ('problem' in judged.value) refuse(judged.value.problem, raw);
    else batch.add(judged.value.item);
  }
}

function attempt<Value>(run: () => Value): { readonly value: Value } | { readonly problem: Problem } {
  try {
    return { value: run() };
  } catch (error) {
    if (error instanceof RefusedItem) return { problem: error.problem };
    if (error instanceof ShapeError) return { problem: { code: 'INGEST_INVALID', reason: error.message } };
    throw error;
  }
}

function resourceAttributes(resource: JsonObject, rules: ItemRules) {
  const read = attempt(() => attributesAt(resource, rules.limits));
  if ('problem' in read) return { attributes: {}, problem: read.problem };
  return { attributes: read.value.attributes, problem: attributesProblem(read.value.count, rules) };
}

/** The bad items as a request of their own. Ends after the item that passes `maxBytes`: each repeats its resource, which may be large. */
export function encodeRawJsonItems(
  items: readonly RawJsonItem[],
  shape: Pick<ListNames, 'resources' | 'scopes' | 'items'>,
  maxBytes: number,
): Buffer {
  const groups: string[] = [];
  let length = 0;
  for (const { resource, scope, item } of items) {
    if (length > maxBytes) break;
    const group = JSON.stringify({ resource, [shape.scopes]: [{ scope, [shape.items]: [item()] }] });
    length += group.length;
    groups.push(group);
  }
  return Buffer.from(`{${JSON.stringify(shape.resources)}:[${groups.join(',')}]}`);
}
