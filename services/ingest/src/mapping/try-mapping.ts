/** Tries a mapping on a body without publishing anything. */

import { nearest } from '@faultline/runtime';
import { createClusterNames } from '../cluster-names.ts';
import type { IngestConfig } from '../config.ts';
import { entityRulesOf, environmentRulesOf } from '../rules.ts';
import { SenderCache } from '../sender-cache.ts';
import { createServiceNames } from '../service-names.ts';
import type { Accepted, Normalised, Refusal, SourceContext } from '../source.ts';
import { defineMapping } from '../source-definition.ts';
import { sourcesOf } from '../sources/index.ts';
import type { MappingEvaluator } from './evaluator.ts';
import { expressionFlaw } from './read-expression.ts';

export interface MappingTrial {
  /** Name of a source with a mapping. */
  readonly source: string;
  /** JSONata to use instead of the mapping of the source; null: its own. */
  readonly expression: string | null;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly receivedAtMs: number;
}

export type TriedMapping =
  | {
      readonly ok: true;
      readonly records: Normalised;
      readonly notes: readonly string[];
      readonly refused: string[];
      /** Headers that the mapping looks up and that the trial does not have. */
      readonly missingHeaders: readonly string[];
    }
  | { readonly ok: false; readonly reason: string; readonly missingHeaders: readonly string[] };

/** Names of the sources that a mapping reads, with those of the configuration. */
export function mappedSourceNames(config: IngestConfig): readonly string[] {
  return sourcesOf(config).flatMap(({ name, expression }) => (expression === undefined ? [] : [name]));
}

/** What a request with this body would become. Never rejects. */
export async function tryMapping(
  trial: MappingTrial,
  config: IngestConfig,
  mappings: MappingEvaluator,
): Promise<TriedMapping> {
  const flaw = trial.expression === null ? null : expressionFlaw(trial.expression);
  if (flaw !== null) return untried(`mapping: ${flaw}`);
  const source = sourceOf(trial, config);
  const route = source?.routes[0];
  if (source === undefined || route === undefined) return untried(unknownSource(trial.source, config));
  const { body: bytes, headers, receivedAtMs } = trial;
  const request = { tenant: config.defaultTenant, bytes, contentType: 'application/json', headers, receivedAtMs };
  const context = createTrialContext(config, afterSenders(mappings));
  const prepared = await (route.prepare?.(request, context) ?? { ok: true as const, request });
  const missing = headersIn(source.expression ?? '').filter((name) => headers[name] === undefined);
  return outcomeOf(prepared.ok ? route.accept(prepared.request, context) : prepared, missing);
}

function untried(reason: string): TriedMapping {
  return { ok: false, reason, missingHeaders: [] };
}

function unknownSource(name: string, config: IngestConfig): string {
  const near = nearest(name, mappedSourceNames(config));
  const hint = near === null ? 'docs/sources/README.md lists them' : `did you mean \`${near}\`?`;
  return `source: expected a source with a mapping, built in or of \`ingest.mappings\` (${hint}), got ${name}`;
}

function sourceOf({ source, expression }: MappingTrial, config: IngestConfig) {
  const own = expression === null ? config.mappings : [{ name: source, expression }];
  const found = sourcesOf({ mappings: own }).find(({ name }) => name === source);
  return found?.expression === undefined ? undefined : defineMapping({ ...found, expression: found.expression });
}

/** The names in `$lookup($headers, "x-github-event")` and `$headers."x-event"`. */
function headersIn(expression: string): string[] {
  const found = expression.matchAll(/\$headers\s*[.,]\s*["'`]([^"'`]+)["'`]/g);
  return [...new Set([...found].map(([, name = '']) => name))];
}

/** Trials have a line of their own and wait until no alert waits: somebody who tries a slow mapping must not delay a page. */
function afterSenders({ evaluate, close }: MappingEvaluator): MappingEvaluator {
  return { evaluate: (input) => evaluate({ ...input, tenant: trialLine, signal: 'changes' }), close };
}

/** No tenant has a name with a space. */
const trialLine = 'a trial';

/** A context that learns nothing and asks nobody. */
export function createTrialContext(config: IngestConfig, mappings: MappingEvaluator): SourceContext {
  return {
    config,
    mappings,
    entityRules: entityRulesOf(config),
    environmentRules: environmentRulesOf(config),
    serviceNames: createServiceNames(config.sharedServiceNames),
    clusterNames: createClusterNames(createServiceNames(), () => 0),
    senders: new SenderCache(),
    uniqueId: 'trial',
    processorMs: () => 0,
    getText: async () => null,
  };
}

function outcomeOf(result: Accepted | Refusal, missingHeaders: readonly string[]): TriedMapping {
  if (!result.ok) return { ok: false, reason: `${result.problem.reason} [${result.problem.code}]`, missingHeaders };
  const refused = result.bad?.problems.map(({ reason }) => reason) ?? [];
  return { ok: true, records: result.records, notes: result.notes, refused, missingHeaders };
}
