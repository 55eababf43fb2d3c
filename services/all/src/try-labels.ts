/** `npm run config -- try-labels k=v ...`: what a label set is about, which label says so, and which were passed over and why. */
import { entityRulesOf, environmentRulesOf } from '@faultline/ingest';
import {
  alertKindRuleOf,
  entityId,
  explainEntities,
  explainEnvironment,
  type Labels,
  type PassReason,
  type Resolution,
} from '@faultline/model';
import type { AppConfig } from './app-config.ts';

const reasons: Readonly<Record<PassReason, string>> = {
  'names-nothing': 'a placeholder or a loopback address names nothing',
  'names-the-exporter': 'it names the exporter, or where that runs',
  'names-the-caller': 'it names the caller; the series is about the called side',
  'exported-label-is-better': 'an exported_ label stands beside it',
  address: 'an address, where there is a name',
  'default-name': 'the default of an SDK, where there is a name',
};

/** The labels of `k=v` arguments; null when one of them is something else. */
export function parseLabels(words: readonly string[]): Labels | null {
  const pairs = words.map((word) => /^([^=]+)=(.*)$/s.exec(word));
  if (pairs.length === 0 || pairs.some((pair) => pair === null)) return null;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1] ?? '', pair?.[2] ?? '']));
}

/** Several lines of text. A name that several namespaces use is shown without its namespace: that depends on what was received. */
export function tryLabels(labels: Labels, config: Pick<AppConfig, 'ingest'>): string {
  const resolution = explainEntities(labels, entityRulesOf(config.ingest));
  const kind = alertKindRuleOf({ name: labels['alertname'] ?? '', labels, url: '' });
  return [
    `entity: ${entityId(resolution.entities) || 'none'}`,
    ...namedLines(resolution),
    environmentLine(labels, resolution, config),
    ...replicaLines(labels, config),
    ...(resolution.exporter === null ? [] : [`exporter: ${resolution.exporter}`]),
    ...resolution.passedOver.map(({ label, value, reason }) => `passed over: ${label}=${value}: ${reasons[reason]}`),
    ...(kind === null ? [] : [`kind: ${kind.kind} (rule ${kind.id})`]),
    '',
  ].join('\n');
}

/** The one name of the environment, the label that says it, and the cluster of a compound name. */
function environmentLine(labels: Labels, { entities }: Resolution, { ingest }: Pick<AppConfig, 'ingest'>): string {
  const { environment, cluster, namedBy, value } = explainEnvironment(labels, entities, environmentRulesOf(ingest));
  if (environment === '') return 'environment: not named; evidence finds it where the entity sends telemetry';
  const rest = cluster === '' ? '' : `; cluster ${cluster}`;
  return `environment: ${environment} (from ${namedBy}=${value}${rest})`;
}

function replicaLines(labels: Labels, { ingest }: Pick<AppConfig, 'ingest'>): string[] {
  const replica = Object.keys(labels).filter((label) => ingest.replicaLabels.includes(label));
  return replica.map((label) => `left out: ${label}=${labels[label]}: it tells replicas of a sender apart`);
}

function namedLines({ entities, namedBy }: Resolution): string[] {
  return Object.entries(entities).map(
    ([kind, name]) => `  ${kind}: ${name} (from ${namedBy[kind as keyof typeof namedBy]})`,
  );
}
