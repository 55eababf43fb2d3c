/** The examples of the sources: bodies as tools send them, each with the right value. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Change, entityId } from '@faultline/model';
import { z } from 'zod';
import type { Normalised } from '../source.ts';
import { contentTypeOf, encodeWrite, writeMessages } from '../sources/prometheus-remote-write/testing/encode.ts';
import { plainRecords } from './plain.ts';

const rightAlert = z.strictObject({
  /** `service:checkout`; empty: none. */
  entity: z.string(),
  name: z.string(),
  severity: z.string(),
  status: z.enum(['firing', 'resolved']),
  /** ISO 8601. `received`: the time of receipt. */
  start: z.string(),
  end: z.string().optional(),
  link: z.string(),
  environment: z.string(),
});
const rightChange = z.strictObject({
  entity: z.string(),
  kind: z.string(),
  summary: z.string(),
  version: z.string(),
  actor: z.string(),
  start: z.string(),
  link: z.string(),
  environment: z.string(),
  /** `a1b2c3d of shop/cart`, its images, and `a1b2c3d ana: file, file` for each commit. Left out: not checked. */
  delivers: z.array(z.string()).optional(),
});
const rightMetric = z.strictObject({
  entity: z.string(),
  name: z.string(),
  kind: z.string(),
  value: z.number(),
  time: z.string(),
  environment: z.string(),
});

const example = z.strictObject({
  title: z.string(),
  /** Where the form of the body is documented. */
  from: z.string(),
  /** Default: the first route of the source. */
  path: z.string().optional(),
  contentType: z.string().default('application/json'),
  headers: z.record(z.string(), z.string()).default({}),
  /** The message that the body is sent as, in place of JSON. */
  protobuf: z.enum(writeMessages).optional(),
  /** A text stands for itself; anything else is sent as JSON or protobuf. */
  body: z.unknown(),
  right: z.strictObject({
    alerts: z.array(rightAlert).default([]),
    changes: z.array(rightChange).default([]),
    metrics: z.array(rightMetric).default([]),
    /** Keys of alerts that somebody acknowledged. */
    acknowledged: z.array(z.string()).default([]),
    /** How many reasons the answer gives for what it did not use. */
    ignored: z.int().default(0),
  }),
});
export type SourceExample = z.infer<typeof example>;

const folder = join(import.meta.dirname, '../sources');

/** The file `examples.json` in the folder of the source. Throws when it is missing or has another form. */
export function examplesOf(source: string): readonly SourceExample[] {
  return z
    .array(example)
    .min(1)
    .parse(JSON.parse(readFileSync(join(folder, source, 'examples.json'), 'utf8')));
}

/** What the tool sends, in the form of `testRequest`. */
export function requestOfExample({ body, contentType, headers, protobuf }: SourceExample) {
  if (protobuf === undefined) return { body: typeof body === 'string' ? body : Object(body), contentType, headers };
  return {
    body: encodeWrite(protobuf, Object(body)),
    contentType: 'application/x-protobuf',
    headers: { ...headers, 'content-type': contentTypeOf(protobuf) },
  };
}

/** What came out, in the form of the right value. */
export function outcomeOf(records: Normalised, notes: readonly string[], receivedAtMs: number): SourceExample['right'] {
  const iso = (ms: number) => (ms === receivedAtMs ? 'received' : new Date(ms).toISOString());
  return {
    alerts: (records.alerts ?? []).map((alert) => ({
      entity: entityId(alert.entities),
      name: alert.name,
      severity: alert.severity,
      status: alert.status,
      start: iso(alert.startsAtMs),
      ...(alert.endsAtMs === null ? {} : { end: iso(alert.endsAtMs) }),
      link: alert.url,
      environment: alert.scope.environment,
    })),
    changes: (records.changes ?? []).map((change) => ({
      entity: entityId(change.entities),
      kind: change.kind,
      summary: change.summary,
      version: change.version,
      actor: change.actor,
      start: iso(change.startedAtMs),
      link: change.url,
      environment: change.scope.environment,
      delivers: deliversOf(change),
    })),
    metrics: metricsOf(records),
    acknowledged: (records.commands ?? []).map(({ incidentId }) => incidentId.split('/').slice(2).join('/')),
    ignored: notes.length,
  };
}

function deliversOf({ release }: Change): string[] {
  if (!release) return [];
  const { commit, repository, images, commits } = release;
  const listed = commits.map(({ id, author, files }) => `${id.slice(0, 7)} ${author}: ${files.join(', ')}`);
  return [...(commit === '' ? [] : [`${commit.slice(0, 7)} of ${repository}`]), ...images, ...listed];
}

function metricsOf(records: Normalised): SourceExample['right']['metrics'] {
  const { resources = [], items = [] } = plainRecords(records).metrics ?? {};
  return items.map(({ resource, metric, kind, value, timeNs }) => ({
    entity: entityId(resources[resource]?.entities ?? {}),
    name: metric,
    kind,
    value,
    time: new Date(Number(timeNs / 1_000_000n)).toISOString(),
    environment: resources[resource]?.scope.environment ?? '',
  }));
}
