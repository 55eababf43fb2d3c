/** Mapped items as records. */
import { type Alert, type Change, type Command, contentId, correlationKey, testEnvironment } from '@faultline/model';
import { subjectOfLabels } from '../entities.ts';
import { withoutReplica } from '../labels.ts';
import { labelsFingerprint } from '../labels-fingerprint.ts';
import type { Normalised, SourceContext, SourceRequest } from '../source.ts';
import type { MappedAcknowledgement, MappedAlert, MappedChange, MappedItem } from './mapped.ts';

export interface RecordsOptions {
  readonly source: string;
  readonly request: SourceRequest;
  readonly context: SourceContext;
}

export function recordsOfMapped(items: readonly MappedItem[], options: RecordsOptions): Normalised {
  const raw = rawOf(options.request, items.length);
  return {
    alerts: items.flatMap((item) => (item.type === 'alert' ? [alertOf(item, raw, options)] : [])),
    changes: items.flatMap((item) => (item.type === 'change' ? [changeOf(item, raw, options)] : [])),
    commands: items.flatMap((item) => (item.type === 'acknowledgement' ? [commandOf(item, options)] : [])),
  };
}

/** The body is stored with each of its items, so copies must not multiply a large one. An item without it stands for itself. */
const maxRawBytes = 32 * 1024;
const maxCopiesBytes = 256 * 1024;

function rawOf({ bytes }: SourceRequest, items: number): string | null {
  const isLarge = bytes.length > maxRawBytes || bytes.length * items > maxCopiesBytes;
  return isLarge ? null : JSON.stringify(JSON.parse(bytes.toString()));
}

/** A test ends by itself: nobody sends its end. */
const testAlertExpiryMs = 120_000;

function alertOf(item: MappedAlert, raw: string | null, { source, request, context }: RecordsOptions): Alert {
  const { receivedAtMs, tenant } = request;
  const { labels } = withoutReplica({ ...item.labels }, context.config.replicaLabels);
  const { scope, entities } = subjectOfLabels(tenant, labels, context);
  const fingerprint = item.key || labelsFingerprint(labels);
  const started = item.startsAtMs === null ? '?' : String(item.startsAtMs);
  const startsAtMs = item.startsAtMs ?? item.endsAtMs ?? receivedAtMs;
  return {
    id: contentId(correlationKey(scope), source, fingerprint, started, String(item.endsAtMs ?? ''), item.status),
    scope,
    source,
    fingerprint,
    name: item.name,
    status: item.status,
    severity: item.severity,
    summary: item.summary,
    labels,
    annotations: item.annotations,
    entities,
    startsAtMs,
    endsAtMs: item.status === 'firing' ? null : Math.max(item.endsAtMs ?? receivedAtMs, startsAtMs),
    receivedAtMs,
    expiresAfterMs: scope.environment === testEnvironment ? testAlertExpiryMs : context.config.mappedAlertExpiryMs,
    url: item.url,
    raw: raw ?? JSON.stringify(item),
  };
}

function changeOf(item: MappedChange, raw: string | null, { source, request, context }: RecordsOptions): Change {
  const { receivedAtMs, tenant } = request;
  const { scope, entities } = subjectOfLabels(tenant, item.labels, context);
  const { kind, summary, actor, version, previousVersion, url, startedAtMs, endedAtMs, release } = item;
  return {
    id: contentId(tenant, source, item.key || contentOf(item)),
    scope,
    source,
    kind,
    entities,
    summary,
    actor,
    version,
    previousVersion,
    url,
    startedAtMs: startedAtMs ?? endedAtMs ?? receivedAtMs,
    endedAtMs,
    receivedAtMs,
    raw: raw ?? JSON.stringify(item),
    ...(release !== null && { release }),
  };
}

/** What identifies a change without a key. The commits of a change are no part of it: they may be listed later. */
function contentOf({ release: _release, ...item }: MappedChange): string {
  return JSON.stringify(item);
}

/** Only the correlator knows the incident of an alert, so the command names the alert. */
function commandOf({ key, actor }: MappedAcknowledgement, { source, request }: RecordsOptions): Command {
  const { tenant, receivedAtMs } = request;
  const scope = { tenant, environment: '' };
  return {
    id: contentId(correlationKey(scope), source, 'acknowledge', key, String(receivedAtMs)),
    scope,
    incidentId: `alert/${source}/${key}`,
    expectedRevision: null,
    actor: actor || source,
    atMs: receivedAtMs,
    action: { kind: 'acknowledge' },
  };
}
