/**
 * Derives the observations of a closed session: self times, own errors, edges, child calls and log templates. A pure
 * function of its spans and lines.
 */
import { windowStartMs } from '@faultline/store';
import type { Aggregate, EdgeEnd } from './aggregate.ts';
import type { LateLogs, LateSpan } from './late.ts';
import { type Interval, selfTimeUs } from './self-time.ts';
import type { PendingLog, PendingSpan } from './span.ts';

export interface Session {
  /** `tenant/traceId`. */
  readonly trace: string;
  /** The time of its first record. */
  readonly sinceMs: number;
  readonly spans: readonly PendingSpan[];
  readonly logs: readonly PendingLog[];
}

interface Node {
  readonly span: PendingSpan;
  readonly interval: Interval;
  parent: Node | null;
  children: Node[];
  /**
   * True when a span of another service is below it. The callee is then known from that span, not from this one's
   * attributes.
   */
  reachesOther: boolean;
}

/**
 * Adds a session's observations to the aggregate. Parents that never arrived count as absent. Cycles of parents are
 * harmless.
 */
export function settleSession(session: Session, late: LateLogs, out: Aggregate): void {
  const { spans, logs } = session;
  const byId = new Map<string, Node>();
  const nodes = spans.map(createNode);
  for (const node of nodes) if (!byId.has(node.span.spanId)) byId.set(node.span.spanId, node);
  for (const node of nodes) linkToParent(node, byId);
  for (const node of nodes) if (callsOther(node)) markReach(node.parent);
  const callsByInstance = instanceCalls(nodes);
  for (const node of nodes) {
    observeSpan(node, callsByInstance.get(instanceKey(node)) ?? [], out);
    observeEdge(node, out);
    if (node.children.length > 0) observeChildren(node, out);
  }
  if (logs.length > 0) observeLogs(session, byId, late, out);
}

function createNode(span: PendingSpan): Node {
  return {
    span,
    interval: [span.startUs, span.startUs + span.durationUs],
    parent: null,
    children: [],
    reachesOther: false,
  };
}

function linkToParent(node: Node, byId: ReadonlyMap<string, Node>): void {
  const { parentSpanId, linkedSpanId } = node.span;
  const parent = byId.get(parentSpanId) ?? byId.get(linkedSpanId);
  if (parent === undefined || parent === node) return;
  node.parent = parent;
  parent.children.push(node);
}

function windowOf({ startUs }: PendingSpan): number {
  return windowStartMs(startUs / 1000);
}

function service(node: Node): string {
  return node.span.operation.sender.service;
}

function isCall({ span }: Node): boolean {
  return span.operation.kind === 'client' || span.operation.kind === 'producer';
}

function callsOther(node: Node): boolean {
  return node.parent !== null && service(node.parent) !== service(node);
}

/** Marks a span and its ancestors in the same service, up to one that is marked already. */
function markReach(start: Node | null): void {
  for (let node = start; node !== null && !node.reachesOther; node = node.parent) {
    node.reachesOther = true;
    if (callsOther(node)) return;
  }
}

function instanceKey({ span }: Node): string {
  const { service: name, instance } = span.operation.sender;
  return `${name}\u0000${instance}`;
}

function instanceCalls(nodes: readonly Node[]): Map<string, Interval[]> {
  const calls = new Map<string, Interval[]>();
  for (const node of nodes) {
    if (node.span.operation.kind !== 'client') continue;
    const key = instanceKey(node);
    const known = calls.get(key);
    if (known === undefined) calls.set(key, [node.interval]);
    else known.push(node.interval);
  }
  for (const intervals of calls.values()) intervals.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return calls;
}

function observeSpan(node: Node, calls: readonly Interval[], out: Aggregate): void {
  const { operation, error } = node.span;
  const children = node.children.map((child) => child.interval);
  out.span({
    operation,
    windowMs: windowOf(node.span),
    selfUs: selfTimeUs({ span: node.interval, children, instanceCalls: calls }),
    ownError: error && !node.children.some((child) => child.span.error),
  });
}

function observeEdge(node: Node, out: Aggregate): void {
  if (node.parent !== null && callsOther(node)) observeCall(node, node.parent, out);
  else if (node.span.peer !== '') observePeer(node, out);
}

/**
 * Observes a span below a span of another service. If it is the only one below a client span, the difference of both
 * durations is the network gap.
 */
function observeCall(callee: Node, caller: Node, out: Aggregate): void {
  const onlyOne = caller.children.filter((child) => service(child) !== service(caller)).length === 1;
  const paired = onlyOne && caller.span.operation.kind === 'client';
  const { durationUs } = callee.span;
  addEdge(callee, out, {
    caller: caller.span.operation.sender,
    callee: callee.span.operation.sender,
    source: 'trace',
    error: callee.span.error || (paired && caller.span.error),
    durationUs: paired ? caller.span.durationUs : durationUs,
    gapUs: paired ? Math.max(0, caller.span.durationUs - durationUs) : null,
  });
}

/**
 * Observes a call whose other side sends no spans, or a consumer whose producer is in another trace with the queue
 * between them.
 */
function observePeer(node: Node, out: Aggregate): void {
  const { operation, peer, readsPeer, error, durationUs } = node.span;
  const other = { service: peer, instance: '' };
  if (peer === operation.sender.service || node.reachesOther) return;
  const rest = { source: 'client-span', error, durationUs, gapUs: null } as const;
  if (readsPeer) {
    if (node.parent === null || operation.kind === 'client')
      addEdge(node, out, { caller: other, callee: operation.sender, ...rest });
  } else if (!isWrapped(node)) addEdge(node, out, { caller: operation.sender, callee: other, ...rest });
}

/** Libraries nest client spans (request, attempt, connection). The outermost one stands for the call. */
function isWrapped({ parent }: Node): boolean {
  return parent !== null && isCall(parent) && !parent.span.readsPeer && parent.span.peer !== '';
}

interface Call {
  readonly caller: EdgeEnd;
  readonly callee: EdgeEnd;
  readonly source: 'trace' | 'client-span';
  readonly error: boolean;
  readonly durationUs: number;
  readonly gapUs: number | null;
}

function addEdge({ span }: Node, out: Aggregate, { error, ...call }: Call): void {
  const { operation } = span;
  out.edge({
    ...call,
    scope: operation.sender,
    operation: operation.name,
    windowMs: windowOf(span),
    calls: 1,
    errors: error ? 1 : 0,
    lastSeenMs: Math.floor(span.startUs / 1000),
  });
}

function observeChildren({ span, children }: Node, out: Aggregate): void {
  const { operation: parent } = span;
  const windowMs = windowOf(span);
  for (const same of groupBy(children, (child) => child.span.operation.pair).values()) {
    const child = same[0]?.span.operation;
    if (child === undefined) continue;
    out.child({ parent, child, windowMs, calls: same.length, errors: same.filter(({ span }) => span.error).length });
  }
}

/**
 * A line counts for the operation and window of its span, which may be in an earlier session. Without a span it counts
 * for its sender only.
 */
function observeLogs(
  { trace, sinceMs, logs }: Session,
  byId: ReadonlyMap<string, Node>,
  late: LateLogs,
  out: Aggregate,
): void {
  for (const lines of groupBy(logs, (log) => `${log.spanId}/${log.template.id}`).values()) {
    const [first] = lines;
    if (first === undefined) continue;
    const span = byId.get(first.spanId)?.span;
    if (span !== undefined) {
      observeLines(lines, { operation: span.operation, windowMs: windowOf(span), spans: 1 }, out);
      continue;
    }
    const known = late.spanOf(trace, first, sinceMs);
    if (known === null) for (const line of lines) observeLine(line, out);
    else observeLines(lines, { ...known, spans: late.mayBeCounted(trace, first, known, sinceMs) ? 0 : 1 }, out);
  }
}

/** Observes the lines of one template and span. */
function observeLines(
  lines: readonly PendingLog[],
  { operation, windowMs, spans }: Pick<LateSpan, 'operation' | 'windowMs'> & { readonly spans: 0 | 1 },
  out: Aggregate,
): void {
  const [first] = lines;
  if (first === undefined) return;
  out.template({
    sender: operation.sender,
    operation: operation.name,
    template: first.template,
    severityNumber: Math.max(...lines.map((line) => line.severityNumber)),
    windowMs,
    lines: lines.length,
    spans,
  });
}

/** A line without a span counts as one span of no operation. */
export function observeLine({ sender, template, severityNumber, timeMs }: PendingLog, out: Aggregate): void {
  const windowMs = windowStartMs(timeMs);
  out.template({ sender, operation: '', template, severityNumber, windowMs, lines: 1, spans: 1 });
}

function groupBy<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
