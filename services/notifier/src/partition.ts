/**
 * The loop of one partition. Its order: commit new intents with the positions, send, commit the outcomes. A crash anywhere leaves an intent,
 * which the next run finishes: see `Outbox`.
 */
import type { Bus, LogRecord, OutgoingRecord, PartitionAssignment, Position } from '@faultline/bus';
import { codecs, contentId, type Delivery, type Incident } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
import { deliveryKey, type Outcome } from './outbox/job.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Sender } from './outbox/sender.ts';
import { pageText } from './page/text.ts';
import { type Coalesced, coalesce } from './stages/coalesce.ts';
import { WatchedIncidents } from './stages/watched.ts';

/** Where a revision goes at a time. */
export interface Route {
  readonly targets: readonly string[];
  /** When that changes by itself. Null: never. */
  readonly nextAtMs: number | null;
  /** Time has changed it already since the page left. */
  readonly hasChanged: boolean;
}

export interface PartitionParts {
  readonly bus: Bus;
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly route: (incident: Incident, atMs: number) => Route;
  /** Whether time alone may change where a page goes or whom it names. */
  readonly dependsOnTime: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Aborted when the service stops: finish running sends, start none. */
  readonly stopping: AbortSignal;
  readonly graceMs: number;
}

const pollLimit = { maxRecords: 200, maxBytes: 8 * 1024 * 1024 };
/** An outcome cannot interrupt a poll, so polls are short while sends are running. */
const busyWaitMs = 20;
const idleWaitMs = 250;

/** Runs until the partition is revoked or the service stops. After a stop it resolves once the outcomes are committed. */
export async function runPartition(assignment: PartitionAssignment, parts: PartitionParts): Promise<void> {
  const { bus, outbox, sender, clock, stopping, logger } = parts;
  const beganMs = clock();
  const watched = new WatchedIncidents();
  try {
    for await (const record of bus.read({ topic: 'deliveries', partition: assignment.partition, from: 0n }))
      restore(outbox, record);
    let position = await assignment.committed('incidents');
    if (parts.dependsOnTime) await watchOpen(assignment, parts, watched, position);
    await resume(assignment, parts, position);
    logger.info('state read back', { part: 'notifier', partition: assignment.partition, tookMs: clock() - beganMs });
    while (!assignment.signal.aborted && !stopping.aborted) {
      const records = await assignment.poll({ ...pollLimit, waitMs: waitMs(parts) });
      position = (records.at(-1)?.offset ?? position - 1n) + 1n;
      await commitChanges(assignment, parts, watched, records);
      if (outbox.takeRoom()) await resume(assignment, parts, position);
      sender.start(outbox.due(clock()));
    }
    await sender.drain(parts.graceMs);
    if (!assignment.signal.aborted) await commitChanges(assignment, parts, watched, []);
  } finally {
    sender.abort();
  }
}

function restore(outbox: Outbox, { key, value }: LogRecord): void {
  const decoded = value === null ? null : codecs.delivery.decode(value);
  if (decoded === null) outbox.remove(key.slice(0, key.indexOf('|')));
  else if (decoded.ok) outbox.restore(decoded.value);
}

/** Reads the open incidents again, so that what was due while nobody ran is done now, and the rest in time. */
async function watchOpen(
  { partition }: PartitionAssignment,
  { bus, route, clock }: PartitionParts,
  watched: WatchedIncidents,
  to: bigint,
): Promise<void> {
  for await (const record of bus.read({ topic: 'incidents', partition, from: 0n, to })) {
    const { incidents, removedIds } = coalesce([record]);
    for (const incident of incidents) {
      const { nextAtMs, hasChanged } = route(incident, clock());
      watched.set(incident, hasChanged ? 0 : nextAtMs);
    }
    for (const id of removedIds) watched.remove(id);
  }
}

/** Reads the incidents of unfinished intents again and offers their latest revision. */
async function resume(
  assignment: PartitionAssignment,
  { bus, outbox, sender, clock }: PartitionParts,
  to: bigint,
): Promise<void> {
  const ids = outbox.unfinishedIds();
  if (ids.size === 0) return;
  const records: LogRecord[] = [];
  for await (const record of bus.read({ topic: 'incidents', partition: assignment.partition, from: 0n, to }))
    if (ids.has(record.key)) records.push(record);
  const { incidents, traces } = coalesce(records);
  sender.continueTraces(traces);
  const intents = incidents.flatMap((incident) => outbox.offer(incident, [], clock()));
  if (intents.length > 0)
    await assignment.commit({ records: intents.map((intent) => deliveryRecord(assignment, intent)), positions: [] });
}

function waitMs({ outbox, sender, clock }: PartitionParts): number {
  if (sender.isBusy) return busyWaitMs;
  const nextMs = outbox.nextDueMs();
  // A job that is due already waits for its target's rate, so the loop must not spin.
  return nextMs === null ? idleWaitMs : Math.min(idleWaitMs, Math.max(busyWaitMs, nextMs - clock()));
}

async function commitChanges(
  assignment: PartitionAssignment,
  parts: PartitionParts,
  watched: WatchedIncidents,
  polled: readonly LogRecord[],
): Promise<void> {
  const { outbox, sender, route, clock, onOutcome } = parts;
  const nowMs = clock();
  const news = coalesce(polled);
  sender.continueTraces(news.traces);
  const deliveries: Delivery[] = [];
  const refused: OutgoingRecord[] = [];
  for (const outcome of sender.takeOutcomes()) {
    const settled = outbox.settle(outcome, nowMs);
    deliveries.push(...settled);
    refused.push(...settled.filter(({ state }) => state === 'failed').map((one) => refusedPage(one, outcome, nowMs)));
    onOutcome(outcome);
  }
  for (const incident of [...news.incidents, ...watched.due(nowMs).filter(({ id }) => !news.ids.has(id))]) {
    const { targets, nextAtMs } = route(incident, nowMs);
    watched.set(incident, nextAtMs);
    deliveries.push(...outbox.offer(incident, targets, nowMs));
  }
  const removedKeys = news.removedIds.flatMap((id) => {
    watched.remove(id);
    return outbox.remove(id);
  });
  const records: OutgoingRecord[] = [
    ...deliveries.map((delivery) => deliveryRecord(assignment, delivery)),
    ...removedKeys.map((key) => ({ topic: 'deliveries', partition: assignment.partition, key, value: null }) as const),
    ...unreadable(news, parts, nowMs),
    ...refused,
  ];
  if (records.length > 0 || polled.length > 0) await assignment.commit({ records, positions: positionsAfter(polled) });
}

/** Written to the partition number of the incident, where the holder of its assignment finds it. */
function deliveryRecord({ partition }: PartitionAssignment, delivery: Delivery): OutgoingRecord {
  const key = deliveryKey(delivery.incidentId, delivery.target);
  return { topic: 'deliveries', partition, key, value: codecs.delivery.encode(delivery) };
}

function positionsAfter(records: readonly LogRecord[]): readonly Position[] {
  const last = records.at(-1);
  return last === undefined ? [] : [{ topic: last.topic, partition: last.partition, offset: last.offset + 1n }];
}

/** A page that a channel refused for good, as people would have read it. It is kept also when a fallback gets the page. */
function refusedPage(delivery: Delivery, { job }: Outcome, atMs: number): OutgoingRecord {
  const { incidentId, target, revision, error } = delivery;
  const headers = { source: 'notifier', tenant: job.incident.scope.tenant };
  const deadLetter = {
    id: contentId('notifier', incidentId, target, String(revision)),
    source: 'notifier',
    signal: '',
    items: 1,
    code: 'NOTIFIER_CHANNEL_REFUSED',
    reason: `${target}: ${error}`,
    receivedAtMs: atMs,
    contentType: 'text/plain',
    payload: Buffer.from(pageText(job.page)),
  } as const;
  return { topic: 'dead-letters', key: 'notifier', value: codecs.deadLetter.encode(deadLetter), headers };
}

function unreadable(news: Coalesced, { logger }: PartitionParts, atMs: number): readonly OutgoingRecord[] {
  return news.unreadable.map(({ record, reason }) => {
    const at = `${record.topic}/${record.partition}/${record.offset}`;
    logger.error('an incident cannot be read', { at, reason });
    const deadLetter = {
      id: contentId('notifier', at),
      source: 'notifier',
      signal: '',
      items: 1,
      code: 'NOTIFIER_RECORD_UNREADABLE',
      reason,
      receivedAtMs: atMs,
      contentType: 'application/avro',
      payload: record.value ?? new Uint8Array(),
    } as const;
    return { topic: 'dead-letters', key: 'notifier', value: codecs.deadLetter.encode(deadLetter) };
  });
}
