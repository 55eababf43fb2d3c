/** `npm run config -- try-mapping FILE --source NAME`: what a body would become, and why parts of it would not be used. */
import { readFileSync } from 'node:fs';
import { createMappingEvaluator, mappedSourceNames, type TriedMapping, tryMapping } from '@faultline/ingest';
import { type Alert, type Change, entityId } from '@faultline/model';
import type { AppConfig } from './app-config.ts';

export interface TryMappingOptions {
  /** A JSON body as the tool sends it. */
  readonly file: string;
  readonly source: string | undefined;
  /** A file with JSONata, to try before it is configured. */
  readonly expressionFile: string | undefined;
  /** `NAME=VALUE`. */
  readonly headers: readonly string[];
}

export interface TryMappingResult {
  readonly isOk: boolean;
  readonly text: string;
}

/** Never throws for what is wrong with the body or the mapping. Throws when a file cannot be read. */
export async function runTryMapping(
  options: TryMappingOptions,
  { ingest }: Pick<AppConfig, 'ingest'>,
  receivedAtMs: number,
): Promise<TryMappingResult> {
  const { file, source, expressionFile } = options;
  if (source === undefined && expressionFile === undefined)
    return { isOk: false, text: `try-mapping: expected --source, one of ${mappedSourceNames(ingest).join(', ')}\n` };
  const { mappingMs: timeoutMs, mappingMemoryMb: memoryMb } = ingest.limits;
  const mappings = createMappingEvaluator({ timeoutMs, memoryMb });
  const trial = {
    source: source ?? 'trial',
    expression: expressionFile === undefined ? null : readFileSync(expressionFile, 'utf8'),
    body: readFileSync(file),
    headers: headersOf(options.headers),
    receivedAtMs,
  };
  const tried = await tryMapping(trial, ingest, mappings);
  await mappings.close();
  return { isOk: tried.ok && tried.refused.length === 0, text: `${linesOf(tried).join('\n')}\n` };
}

function headersOf(words: readonly string[]): Record<string, string> {
  const pairs = words.map((word) => /^([^=]+)=(.*)$/s.exec(word));
  return Object.fromEntries(pairs.map((pair) => [(pair?.[1] ?? '').toLowerCase(), pair?.[2] ?? '']));
}

function linesOf(tried: TriedMapping): string[] {
  if (!tried.ok) return [`refused: ${tried.reason}`];
  const { alerts = [], changes = [], commands = [] } = tried.records;
  return [
    ...alerts.flatMap(alertLines),
    ...changes.flatMap(changeLines),
    ...commands.map(({ incidentId, actor }) => `acknowledged: ${incidentId} by ${actor}`),
    ...tried.notes,
    ...tried.refused.map((reason) => `refused: ${reason}`),
    ...tried.missingHeaders.map((name) => `the mapping reads the header ${name}: give it with --header ${name}=VALUE`),
  ];
}

function alertLines(alert: Alert): string[] {
  return [
    `alert: ${alert.name}`,
    ...fieldLines({
      entity: entityId(alert.entities) || 'none',
      environment: alert.scope.environment || 'not named',
      status: alert.status,
      severity: alert.severity,
      key: alert.fingerprint,
      summary: alert.summary,
      starts: new Date(alert.startsAtMs).toISOString(),
      ends: alert.endsAtMs === null ? '' : new Date(alert.endsAtMs).toISOString(),
      link: alert.url,
      labels: Object.entries(alert.labels)
        .map(([label, value]) => `${label}=${value}`)
        .join(', '),
    }),
  ];
}

function changeLines(change: Change): string[] {
  return [
    `change: ${change.summary}`,
    ...fieldLines({
      entity: entityId(change.entities) || 'none',
      environment: change.scope.environment || 'not named',
      kind: change.kind,
      version: change.version,
      actor: change.actor,
      started: new Date(change.startedAtMs).toISOString(),
      link: change.url,
    }),
  ];
}

function fieldLines(fields: Readonly<Record<string, string>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => (value === '' ? [] : [`  ${name}: ${value}`]));
}
