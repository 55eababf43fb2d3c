/** A correlator on an in-memory log with a store that answers what a test says, and a clock that a test moves. */
import { type Bus, createEmbeddedBus } from '@faultline/bus';
import { planEvidence, type Ranker, rankHypotheses } from '@faultline/correlation';
import {
  type Alert,
  codecs,
  contentId,
  correlationKey,
  type EvidenceQuery,
  emptyEvidenceRows,
  type Incident,
} from '@faultline/model';
import { Health, noTracer, type Started, silentLogger, type Tracer } from '@faultline/runtime';
import type { EvidenceRows } from '@faultline/store';
import { correlatorConfig } from '../config.ts';
import { type Correlator, createCorrelator } from '../correlator.ts';

export const scope = { tenant: 't', environment: 'prod' };
export const startMs = 1_700_000_000_000;

export interface Harness {
  /** A test may put another one in its place before it starts the correlator. */
  bus: Bus;
  readonly health: Health;
  /** The correlator's clock: moved by `advance` only. */
  nowMs: number;
  readonly queries: EvidenceQuery[];
  answer: (query: EvidenceQuery) => Promise<EvidenceRows>;
  ranker: Ranker;
  tracer: Tracer;
  start(overrides?: object): Promise<Started<Correlator>>;
  close(): Promise<void>;
}

/** A fresh log, in memory unless a folder is named; the correlator is started by the test, as often as it likes. */
export async function createHarness({ folder = ':memory:', maxRecordBytes = 20_000 } = {}): Promise<Harness> {
  const harness: Harness = {
    bus: undefined as unknown as Bus,
    health: new Health(),
    nowMs: startMs,
    queries: [],
    answer: async () => emptyEvidenceRows,
    ranker: { rankHypotheses, planEvidence },
    tracer: noTracer,
    start: (overrides = {}) =>
      createCorrelator({
        bus: harness.bus,
        store: {
          answerEvidence: (query) => {
            harness.queries.push(query);
            return harness.answer(query);
          },
        },
        config: correlatorConfig.parse({ idlePollMs: 5, busyPollMs: 5, watermarkPollMs: 5, ...overrides }),
        logger: silentLogger,
        clock: () => harness.nowMs,
        health: harness.health,
        ranker: harness.ranker,
        tracer: harness.tracer,
      }).start(),
    close: async () => undefined,
  };
  const bus = await createEmbeddedBus({
    folder,
    partitions: { scope: 2, telemetry: 1 },
    maxRecordBytes,
    logger: silentLogger,
    clock: () => harness.nowMs,
    tuning: { groups: { backoff: { baseMs: 1, maxMs: 1 }, maxPermanentFailures: 5, handoverMs: 100 } },
  }).start();
  return Object.assign(harness, { bus: bus.value, close: () => bus.stop() });
}

export function alert(service: string, overrides: Partial<Alert> = {}): Alert {
  const name = overrides.name ?? 'HighLatency';
  const fingerprint = overrides.fingerprint ?? `${name}-${service}`;
  const status = overrides.status ?? 'firing';
  const startsAtMs = overrides.startsAtMs ?? startMs;
  return {
    id: contentId(fingerprint, String(startsAtMs), status),
    scope,
    source: 'alertmanager',
    fingerprint,
    name,
    status,
    severity: 'critical',
    summary: '',
    labels: { service },
    annotations: {},
    entities: { service },
    startsAtMs,
    endsAtMs: status === 'resolved' ? startsAtMs + 1000 : null,
    receivedAtMs: startsAtMs,
    expiresAfterMs: null,
    url: '',
    raw: '{}',
    ...overrides,
  };
}

/** The record of an alert, as ingest writes it. */
export function alertRecord(value: Alert) {
  const headers = { source: value.source, items: '1' };
  return { topic: 'alerts' as const, key: correlationKey(value.scope), value: codecs.alert.encode(value), headers };
}

/** All revisions on the topic, in order of the log. */
export async function revisions(bus: Bus): Promise<Incident[]> {
  const found: Incident[] = [];
  for (let partition = 0; partition < bus.partitionCount('incidents'); partition += 1)
    for await (const { value } of bus.read({ topic: 'incidents', partition, from: 0n })) {
      const decoded = value === null ? null : codecs.incident.decode(value);
      if (decoded?.ok === true) found.push(decoded.value);
    }
  return found;
}

/** Looks again and again, in real time, until the condition holds: what the correlator does between is asynchronous. */
export async function until<Value>(
  look: () => Promise<Value> | Value,
  holds: (value: Value) => boolean,
): Promise<Value> {
  const givenUpAt = Date.now() + 5000;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (Date.now() > givenUpAt) throw new Error(`did not come to hold: ${JSON.stringify(value)?.slice(0, 2000)}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
