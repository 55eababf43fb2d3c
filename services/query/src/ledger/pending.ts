/**
 * Counts accepted items that are not handled yet, from the headers of the records after a group's committed position. Each waiting record
 * is read once. A long backlog takes several calls; until it is counted the answer is a lower bound.
 */
import type { Bus, LogRecord } from '@faultline/bus';
import { consumerGroups, recordTypeHeader, recordTypes, type Signal } from '@faultline/model';
import { ledgerKey } from './ledger-key.ts';
import type { PendingCounts } from './read-model.ts';

const watched: readonly { readonly topic: Signal; readonly group: string }[] = [
  { topic: 'alerts', group: consumerGroups.correlator },
  { topic: 'changes', group: consumerGroups.correlator },
  { topic: 'spans', group: consumerGroups.recorder },
  { topic: 'logs', group: consumerGroups.recorder },
  { topic: 'metrics', group: consumerGroups.recorder },
];

interface Unread {
  readonly offset: bigint;
  readonly source: string;
  readonly items: number;
}

interface PartitionState {
  readTo: bigint;
  unread: readonly Unread[];
}

export interface PendingLimits {
  readonly maxRecords: number;
  readonly maxBytes: number;
}

const perCall: PendingLimits = { maxRecords: 2000, maxBytes: 64 * 1024 * 1024 };
const keptPerPartition = 100_000;

/** Returns the pending counts by `ledgerKey`. Concurrent calls share one count. */
export function createPendingCounter(bus: Bus, limits: PendingLimits = perCall): () => Promise<PendingCounts> {
  const states = new Map<string, PartitionState>();
  let running: Promise<PendingCounts> | null = null;
  const count = async () => {
    const budget = { records: limits.maxRecords, bytes: limits.maxBytes };
    for (const { topic, group } of watched) await advance({ bus, topic, group, states, budget });
    return total(states);
  };
  return () => {
    running ??= count().finally(() => {
      running = null;
    });
    return running;
  };
}

interface Advance {
  readonly bus: Bus;
  readonly topic: Signal;
  readonly group: string;
  readonly states: Map<string, PartitionState>;
  readonly budget: { records: number; bytes: number };
}

async function advance({ bus, topic, group, states, budget }: Advance): Promise<void> {
  const [ends, committed] = await Promise.all([bus.offsets(topic), bus.committed(group, topic)]);
  for (const { partition, first, next } of ends) {
    const done = committed.find((position) => position.partition === partition)?.offset ?? first;
    const key = `${topic}/${partition}`;
    const before = states.get(key) ?? { readTo: done, unread: [] };
    const readTo = later(before.readTo, done);
    const state = { readTo, unread: before.unread.filter((record) => record.offset >= done) };
    states.set(key, state);
    if (readTo < next) await readMore({ bus, topic, partition, to: next, state, budget });
  }
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

type ReadMore = Pick<Advance, 'bus' | 'topic' | 'budget'> & {
  readonly partition: number;
  readonly to: bigint;
  readonly state: PartitionState;
};

async function readMore({ bus, topic, partition, to, state, budget }: ReadMore): Promise<void> {
  const found: Unread[] = [];
  const room = keptPerPartition - state.unread.length;
  for await (const record of bus.read({ topic, partition, from: state.readTo, to })) {
    if (budget.records <= 0 || budget.bytes <= 0 || found.length >= room) break;
    budget.records -= 1;
    budget.bytes -= record.value?.byteLength ?? 0;
    found.push(unreadOf(record));
    state.readTo = record.offset + 1n;
  }
  state.unread = [...state.unread, ...found];
}

/** A record without `items` is one item. The ledger covers what sources send, so a declared graph does not count. */
export function unreadOf({ offset, headers }: Pick<LogRecord, 'offset' | 'headers'>): Unread {
  const isCounted = headers[recordTypeHeader] !== recordTypes.declaredGraph;
  const items = Number(headers['items'] ?? '1');
  return { offset, source: headers['source'] ?? '', items: isCounted && Number.isSafeInteger(items) ? items : 0 };
}

function total(states: ReadonlyMap<string, PartitionState>): PendingCounts {
  const counts = new Map<string, number>();
  for (const [key, { unread }] of states) {
    const signal = key.slice(0, key.indexOf('/'));
    for (const { source, items } of unread) {
      const row = ledgerKey(source, signal);
      counts.set(row, (counts.get(row) ?? 0) + items);
    }
  }
  return counts;
}
