/** Where the payload of a dead letter can be sent again. */
import type { IngestConfig } from './config.ts';
import type { MappingEvaluator } from './mapping/evaluator.ts';
import { createTrialContext } from './mapping/try-mapping.ts';
import type { Route, SourceContext, SourceRequest } from './source.ts';
import { sourcesOf } from './sources/index.ts';

export interface ReplayedLetter {
  readonly source: string;
  readonly contentType: string;
  readonly payload: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly nowMs: number;
}

export type ReplayPlace =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly reason: string };

/** The first path of the source that takes the payload now, as after a mapping was mended. Never rejects. */
export async function replayPlaceOf(
  letter: ReplayedLetter,
  config: IngestConfig,
  mappings: MappingEvaluator,
): Promise<ReplayPlace> {
  const source = sourcesOf(config).find(({ name }) => name === letter.source);
  if (source === undefined) return { ok: false, reason: `no source ${letter.source} on this port` };
  const { payload: bytes, contentType, headers } = letter;
  const request = { tenant: config.defaultTenant, bytes, contentType, headers, receivedAtMs: letter.nowMs };
  const context = createTrialContext(config, mappings);
  const reasons: string[] = [];
  // A path with a part that varies cannot be known.
  for (const route of source.routes.filter(({ path }) => !path.includes(':'))) {
    const reason = await refusalOf(route, request, context);
    if (reason === null) return { ok: true, path: route.path };
    reasons.push(`${route.path}: ${reason}`);
  }
  return { ok: false, reason: reasons.join('; ') };
}

/** Null when the route takes all of it. */
async function refusalOf(route: Route, request: SourceRequest, context: SourceContext): Promise<string | null> {
  const prepared = await (route.prepare?.(request, context) ?? { ok: true as const, request });
  const result = prepared.ok ? route.accept(prepared.request, context) : prepared;
  if (!result.ok) return result.problem.reason;
  return result.bad?.problems[0]?.reason ?? null;
}
