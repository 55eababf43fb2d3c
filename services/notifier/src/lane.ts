/**
 * The loop of one lane. Order, written once: what came in and its intents are committed with the positions; then it is sent; then the outcome is
 * committed. A crash anywhere leaves an intent, and the next run finishes it: see `Outbox`.
 */
import type { Bus, LogRecord, OutgoingRecord, PartitionAssignment, Position } from '@faultline/bus';
import { codecs, contentId, type Delivery, type Incident } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
import { deliveryKey, type Outcome } from './outbox/job.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { Sender } from './outbox/sender.ts';
import { type Coalesced, coalesce } from './stages/coalesce.ts';

export interface LaneParts {
  readonly bus: Bus;
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly route: (incident: Incident) => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Aborted when the service stops: finish what is under way, begin nothing. */
  readonly stopping: AbortSignal;
  readonly graceMs: number;
}

const pollLimit = { maxRecords: 200, maxBytes: 8 * 1024 * 1024 };
/** Outcomes are committed this soon; a poll cannot be cut short by one. */
const busyWaitMs = 20;
const idleWaitMs = 250;

/** Runs until the lane is lost or the service stops; in the latter case it resolves once outcomes are committed. */
export async function runLane(lane: PartitionAssignment, parts: LaneParts): Promise<void> {
  const { bus, outbox, sender, clock, stopping, logger } = parts;
  const beganMs = clock();
  try {
    for await (const record of bus.read({ topic: 'deliveries', partition: lane.partition, from: 0n }))
      restore(outbox, record);
    let position = await lane.committed('incidents');
    await resume(lane, parts, position);
    logger.info('state read back', { part: 'notifier', partition: lane.partition, tookMs: clock() - beganMs });
    while (!lane.signal.aborted && !stopping.aborted) {
      const records = await lane.poll({ ...pollLimit, waitMs: waitMs(parts) });
      position = (records.at(-1)?.offset ?? position - 1n) + 1n;
      await commitNews(lane, parts, records);
      if (outbox.takeRoom()) await resume(lane, parts, position);
      sender.start(outbox.due(clock()));
    }
    await sender.drain(parts.graceMs);
    if (!lane.signal.aborted) await commitNews(lane, parts, []);
  } finally {
    sender.abort();
  }
}

function restore(outbox: Outbox, { key, value }: LogRecord): void {
  const decoded = value === null ? null : codecs.delivery.decode(value);
  if (decoded === null) outbox.retire(key.slice(0, key.indexOf('|')));
  else if (decoded.ok) outbox.restore(decoded.value);
}

/** Finds the incidents of unfinished intents again and offers their latest revision. */
async function resume(lane: PartitionAssignment, { bus, outbox, sender, clock }: LaneParts, to: bigint): Promise<void> {
  const ids = outbox.unfinishedIds();
  if (ids.size === 0) return;
  const records: LogRecord[] = [];
  for await (const record of bus.read({ topic: 'incidents', partition: lane.partition, from: 0n, to }))
    if (ids.has(record.key)) records.push(record);
  const { incidents, traces } = coalesce(records);
  sender.cameWith(traces);
  const intents = incidents.flatMap((incident) => outbox.offer(incident, [], clock()));
  if (intents.length > 0)
    await lane.commit({ records: intents.map((intent) => deliveryRecord(lane, intent)), positions: [] });
}

function waitMs({ outbox, sender, clock }: LaneParts): number {
  if (sender.isBusy) return busyWaitMs;
  const nextMs = outbox.nextDueMs();
  return nextMs === null ? idleWaitMs : Math.min(idleWaitMs, Math.max(0, nextMs - clock()));
}

async function commitNews(lane: PartitionAssignment, parts: LaneParts, polled: readonly LogRecord[]): Promise<void> {
  const { outbox, sender, route, clock, onOutcome } = parts;
  const nowMs = clock();
  const news = coalesce(polled);
  sender.cameWith(news.traces);
  const deliveries: Delivery[] = [];
  for (const outcome of sender.takeOutcomes()) {
    deliveries.push(...outbox.settle(outcome, nowMs));
    onOutcome(outcome);
  }
  for (const incident of news.incidents) deliveries.push(...outbox.offer(incident, route(incident), nowMs));
  const retired = news.retiredIds.flatMap((id) => outbox.retire(id));
  const records: OutgoingRecord[] = [
    ...deliveries.map((delivery) => deliveryRecord(lane, delivery)),
    ...retired.map((key) => ({ topic: 'deliveries', partition: lane.partition, key, value: null }) as const),
    ...unreadable(news, parts, nowMs),
  ];
  if (records.length > 0 || polled.length > 0) await lane.commit({ records, positions: positionsAfter(polled) });
}

/** In the incident's own partition number, so that who holds the lane finds it. */
function deliveryRecord({ partition }: PartitionAssignment, delivery: Delivery): OutgoingRecord {
  const key = deliveryKey(delivery.incidentId, delivery.target);
  return { topic: 'deliveries', partition, key, value: codecs.delivery.encode(delivery) };
}

function positionsAfter(records: readonly LogRecord[]): readonly Position[] {
  const last = records.at(-1);
  return last === undefined ? [] : [{ topic: last.topic, partition: last.partition, offset: last.offset + 1n }];
}

function unreadable(news: Coalesced, { logger }: LaneParts, atMs: number): readonly OutgoingRecord[] {
  return news.unreadable.map(({ record, reason }) => {
    const at = `${record.topic}/${record.partition}/${record.offset}`;
    logger.error('an incident cannot be read', { at, reason });
    const letter = {
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
    return { topic: 'dead-letters', key: 'notifier', value: codecs.deadLetter.encode(letter) };
  });
}
