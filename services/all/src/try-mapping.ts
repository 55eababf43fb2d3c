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

/** Never throws for what is wrong with the files, the body or the mapping: the text says it. */
export async function runTryMapping(
  options: TryMappingOptions,
  { ingest }: Pick<AppConfig, 'ingest'>,
  receivedAtMs: number,
): Promise<TryMappingResult> {
  const { file, source, expressionFile } = options;
  if (source === undefined && expressionFile === undefined)
    return { isOk: false, text: `try-mapping: expected --source, one of ${mappedSourceNames(ingest).join(', ')}\n` };
  const body = readFile('FILE', file);
  if (!body.ok) return { isOk: false, text: body.problem };
  const expression = expressionFile === undefined ? null : readFile('--expression', expressionFile);
  if (expression?.ok === false) return { isOk: false, text: expression.problem };
  const { mappingMs: timeoutMs, mappingMemoryMb: memoryMb } = ingest.limits;
  const mappings = createMappingEvaluator({ timeoutMs, memoryMb });
  const trial = {
    source: source ?? 'trial',
    expression: expression?.bytes.toString() ?? null,
    body: body.bytes,
    headers: headersOf(options.headers),
    receivedAtMs,
  };
  const tried = await tryMapping(trial, ingest, mappings);
  await mappings.close();
  return { isOk: tried.ok && tried.refused.length === 0, text: `${linesOf(tried).join('\n')}\n` };
}

type ReadFile = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly problem: string };

function readFile(argument: string, path: string): ReadFile {
  try {
    return { ok: true, bytes: readFileSync(path) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      ok: false,
      problem: `try-mapping: ${argument}: expected a file that can be read, got ${path} (${reason})\n`,
    };
  }
}

function headersOf(words: readonly string[]): Record<string, string> {
  const pairs = words.map((word) => /^([^=]+)=(.*)$/s.exec(word));
  return Object.fromEntries(pairs.map((pair) => [(pair?.[1] ?? '').toLowerCase(), pair?.[2] ?? '']));
}

function linesOf(tried: TriedMapping): string[] {
  const hints = tried.missingHeaders.map(
    (name) => `the mapping reads the header ${name}: give it with --header ${name}=VALUE`,
  );
  if (!tried.ok) return [`refused: ${tried.reason}`, ...hints];
  const { alerts = [], changes = [], commands = [] } = tried.records;
  return [
    ...alerts.flatMap(alertLines),
    ...changes.flatMap(changeLines),
    ...commands.map(({ incidentId, actor }) => `acknowledged: ${incidentId} by ${actor}`),
    ...tried.notes,
    ...tried.refused.map((reason) => `refused: ${reason}`),
    ...hints,
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
