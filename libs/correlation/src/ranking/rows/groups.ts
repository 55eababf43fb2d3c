/** Groups the rows of the evidence once. Everything else sums these groups over some slices. */
import type { EvidenceResult } from '@faultline/model';
import { edgeKey, keyOf } from './call-edge.ts';
import type { EdgeGroup, Groups, LineGroup, OperationGroup, PatternGroup } from './group.ts';
import { findLateLines, type LateLines } from './late-lines.ts';
import { lineFamilies } from './line-families.ts';

export function groupRows(answer: EvidenceResult): Groups {
  const operations = groupOperations(answer);
  const settled = settledCalls(operations, answer.slices.length);
  const edges = groupEdges(answer);
  const late = findLateLines(answer);
  const lines = groupLines(answer, late);
  const patterns = groupPatterns(answer);
  return {
    operations,
    edges,
    patterns: [...patterns, ...lineFamilies(patterns, settled)],
    lines,
    settled,
    traced: new Set(operations.map(({ service }) => service)),
    logged: loggedSlices(answer, late),
    lateLogs: late.slices,
  };
}

function loggedSlices({ templates }: EvidenceResult, late: LateLines): Set<string> {
  return new Set(templates.map(({ service, slice }) => keyOf(service, slice)).filter((key) => !late.slices.has(key)));
}

function groupLines({ templates, slices }: EvidenceResult, { isLate }: LateLines): LineGroup[] {
  const groups = new Map<string, LineGroup>();
  for (const row of templates) {
    if (row.operation !== '' || isLate(row)) continue;
    const { service, instance, template, text, severityNumber, slice, lines } = row;
    const key = keyOf(service, template);
    let group = groups.get(key) ?? { service, instance, text, severityNumber, lines: new Float64Array(slices.length) };
    if (group.instance !== instance) group = { ...group, instance: '' };
    groups.set(key, group);
    group.lines[slice] = (group.lines[slice] ?? 0) + lines;
  }
  return sortedValues(groups);
}

function settledCalls(operations: readonly OperationGroup[], slices: number): Map<string, Float64Array> {
  const found = new Map<string, Float64Array>();
  for (const { service, operation, rows } of operations) {
    const key = keyOf(service, operation);
    const counts = found.get(key) ?? new Float64Array(slices);
    found.set(key, counts);
    for (const { slice, settledCalls } of rows) counts[slice] = (counts[slice] ?? 0) + settledCalls;
  }
  return found;
}

/** Values in the order of their keys, so that equal rows in another order give the same bytes. */
function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, value]) => value);
}

/** The store sorts rows, so most belong to the group of the row before them. */
function groupOperations(answer: EvidenceResult): OperationGroup[] {
  const groups = new Map<string, OperationGroup>();
  let last: OperationGroup | undefined;
  for (const row of answer.operations) {
    const { service, operation, kind } = row;
    if (last?.operation === operation && last.service === service && last.kind === kind) {
      last.rows.push(row);
      continue;
    }
    const key = keyOf(service, operation, kind);
    last = groups.get(key) ?? { service, operation, kind, rows: [] };
    last.rows.push(row);
    groups.set(key, last);
  }
  return sortedValues(groups);
}

function groupEdges(answer: EvidenceResult): EdgeGroup[] {
  const groups = new Map<string, EdgeGroup>();
  let last: EdgeGroup | undefined;
  for (const row of answer.edges) {
    const { caller, callee, source } = row;
    if (last?.callee === callee && last.caller === caller) {
      last.rows.push(row);
      continue;
    }
    const key = edgeKey(row);
    last = groups.get(key) ?? { caller, callee, source, rows: [] };
    last.rows.push(row);
    groups.set(key, last);
  }
  return sortedValues(groups);
}

function groupPatterns(answer: EvidenceResult): PatternGroup[] {
  const groups = new Map<string, PatternGroup>();
  const add = (key: string, slice: number, count: number, names: () => Omit<PatternGroup, 'spans'>): void => {
    let group = groups.get(key);
    if (group === undefined) {
      group = { ...names(), spans: new Float64Array(answer.slices.length) };
      groups.set(key, group);
    }
    group.spans[slice] = (group.spans[slice] ?? 0) + count;
  };
  for (const row of answer.children) {
    const { service, operation, childService: target, childOperation: text } = row;
    const key = keyOf(service, operation, 'call', target, text);
    add(key, row.slice, row.spans, () => ({ service, operation, what: 'call', target, text, severityNumber: 0 }));
  }
  for (const row of answer.templates) {
    const { service, operation, text, severityNumber } = row;
    if (operation === '') continue;
    const key = keyOf(service, operation, 'log', row.template);
    add(key, row.slice, row.spans, () => ({ service, operation, what: 'log', target: '', text, severityNumber }));
  }
  return sortedValues(groups);
}
