/** The alerts of a large organisation: systems that fail together, and many services that fail alone. Deterministic. */
import { createHash } from 'node:crypto';
import type { OutgoingRecord } from '@faultline/bus';
import {
  type Alert,
  codecs,
  contentId,
  correlationKey,
  recordTypeHeader,
  recordTypes,
  type Scope,
} from '@faultline/model';

/** Services of each scope. The graph does not depend on the number of open alerts. */
export interface Layout {
  readonly scopes: number;
  /** Systems per scope. Services of a system call each other, so their alerts make one incident. */
  readonly systems: number;
  readonly servicesPerSystem: number;
  /** Unconnected services. Each has an incident of its own. */
  readonly loneServices: number;
  /** Unconnected services for alerts that open an incident during the measurement. */
  readonly spareServices: number;
}

/** One scope or many, with about 2,600 services in total. */
export function layoutOf(scopes: number): Layout {
  const many = scopes > 1;
  return {
    scopes,
    systems: many ? 1 : 4,
    servicesPerSystem: many ? 10 : 25,
    loneServices: Math.ceil(2000 / scopes),
    spareServices: Math.ceil(500 / scopes),
  };
}

/** Share of alerts in the large incidents. The others are in small ones. */
const shareOfSystems = 0.6;
const alertsPerLoneService = 20;

/** The service of an alert. */
export interface Subject {
  readonly scope: Scope;
  readonly service: string;
}

export function scopeOf(index: number): Scope {
  return { tenant: `tenant-${index}`, environment: 'production' };
}

/** The n-th alert to open before the measurement. Rotates over scopes; mixes systems and unconnected services. */
export function openSubject(layout: Layout, n: number): Subject {
  const scope = scopeOf(n % layout.scopes);
  const inScope = Math.floor(n / layout.scopes);
  const slot = inScope % 5;
  const round = Math.floor(inScope / 5);
  if (slot < shareOfSystems * 5) return { scope, service: systemService(layout, round * 3 + slot) };
  const lone = round * 2 + (slot - 3);
  return { scope, service: `lone-${Math.floor(lone / alertsPerLoneService) % layout.loneServices}` };
}

/** A service of one of the scope's systems, in rotation. */
export function systemService({ systems, servicesPerSystem }: Layout, n: number): string {
  return `system-${n % systems}-${Math.floor(n / systems) % servicesPerSystem}`;
}

/** Declared calls: each system is a tree, and each unconnected service has a database. */
export function graphRecord(layout: Layout, index: number, atMs: number): OutgoingRecord {
  const scope = scopeOf(index);
  const edges: { from: string; to: string }[] = [];
  for (let system = 0; system < layout.systems; system += 1)
    for (let child = 1; child < layout.servicesPerSystem; child += 1)
      edges.push({ from: `system-${system}-${Math.floor((child - 1) / 2)}`, to: `system-${system}-${child}` });
  const lone = (kind: string, count: number) => {
    for (let n = 0; n < count; n += 1) edges.push({ from: `${kind}-${n}`, to: `${kind}-${n}-db` });
  };
  lone('lone', layout.loneServices);
  lone('spare', layout.spareServices);
  const value = codecs.declaredGraph.encode({ scope, source: 'bench', edges, declaredAtMs: atMs });
  const headers = { [recordTypeHeader]: recordTypes.declaredGraph, source: 'bench', items: '0' };
  return { topic: 'changes', key: correlationKey(scope), value, headers };
}

const names = ['HighLatency', 'HighErrorRate', 'PodCrashLooping', 'QueueBacklog', 'SaturationHigh', 'ProbeFailed'];

/**
 * An alert as Alertmanager sends it: a dozen labels, two annotations and the original item. About 1.6 KiB on the topic.
 */
export function makeAlert({ scope, service }: Subject, serial: number, startsAtMs: number): Alert {
  const fingerprint = createHash('sha1').update(`${scope.tenant}/${serial}`).digest('hex').slice(0, 16);
  const name = names[serial % names.length] ?? '';
  const pod = `${service}-${fingerprint.slice(0, 5)}`;
  const labels = {
    alertname: name,
    severity: serial % 3 === 0 ? 'critical' : 'warning',
    service,
    namespace: 'production',
    pod,
    container: 'app',
    job: 'kubernetes-pods',
    instance: `10.0.${serial % 250}.${(serial >> 8) % 250}:8080`,
    region: 'eu-central-1',
    team: `team-${service.length % 7}`,
    prometheus: 'monitoring/main',
    route: `/api/v1/items/${serial % 40}`,
  };
  const annotations = {
    summary: `${name} on ${service}: ${serial % 97} % above its objective for five minutes`,
    runbook_url: `https://runbooks.example.org/${name}`,
  };
  return {
    id: contentId(correlationKey(scope), fingerprint, String(startsAtMs), 'firing'),
    scope,
    source: 'alertmanager',
    fingerprint,
    name,
    status: 'firing',
    severity: serial % 3 === 0 ? 'critical' : 'warning',
    summary: annotations.summary,
    labels,
    annotations,
    entities: { service, pod, namespace: 'production' },
    startsAtMs,
    endsAtMs: null,
    receivedAtMs: startsAtMs,
    expiresAfterMs: null,
    url: `https://prometheus.example.org/graph?g0=${fingerprint}`,
    raw: JSON.stringify({ status: 'firing', labels, annotations, fingerprint }),
  };
}

/** The same alert, resolved. */
export function resolvedAlert(alert: Alert, atMs: number): Alert {
  const id = contentId(correlationKey(alert.scope), alert.fingerprint, String(alert.startsAtMs), 'resolved');
  return { ...alert, id, status: 'resolved', endsAtMs: atMs, receivedAtMs: atMs };
}

/** The record that ingest writes for an alert. */
export function alertRecord(alert: Alert): OutgoingRecord {
  const headers = { source: alert.source, items: '1' };
  return { topic: 'alerts', key: correlationKey(alert.scope), value: codecs.alert.encode(alert), headers };
}
