/**
 * Everything there is to know about a source. Its routes, docs/sources, the OpenAPI entries and the test of its examples derive from it. See
 * docs/adr/0037-sources.md.
 */
import type { SignatureScheme } from './authentication/signature.ts';
import { defaultTokenPlaces, type TokenPlace } from './authentication/token.ts';
import type { RequiredParts } from './mapping/required.ts';
import { mappingRoute } from './mapping/route.ts';
import type { Route, Source } from './source.ts';

export type SourceKind = 'alerts' | 'changes' | 'telemetry';

export interface SourceDocs {
  /** What the source is, in one or two sentences. */
  readonly summary: string;
  /** Steps in the tool's own words. */
  readonly setup: readonly string[];
  /** Configuration to copy into the tool. */
  readonly snippet?: { readonly language: 'yaml' | 'json' | 'sh' | 'ini' | 'text'; readonly text: string };
  readonly reads: readonly string[];
  readonly ignores: readonly string[];
}

export interface SourceDefinition extends Source {
  /** Name of the tool. */
  readonly title: string;
  readonly kinds: readonly SourceKind[];
  readonly docs: SourceDocs;
  /** JSONata, for sources that a mapping reads. */
  readonly expression?: string;
  /** What a body must have before the mapping reads it. */
  readonly required?: RequiredParts;
}

export interface SourceOptions extends Omit<SourceDefinition, 'expression'> {
  readonly tokenPlaces?: readonly TokenPlace[];
  readonly signature?: SignatureScheme;
}

/** A source with code of its own. Tokens and signature hold for each route that has none of its own. */
export function defineSource({
  tokenPlaces = defaultTokenPlaces,
  signature,
  ...rest
}: SourceOptions): SourceDefinition {
  const routes = rest.routes.map(
    (route): Route => ({
      tokenPlaces,
      ...(signature === undefined ? {} : { signature }),
      ...route,
    }),
  );
  return { ...rest, routes };
}

export interface MappingOptions extends Omit<SourceOptions, 'routes'> {
  readonly expression: string;
  /** Default: `/ingest/NAME`. */
  readonly path?: string;
  /** False where bodies may hold secrets: then only what the mapping takes out is stored. Default: true. */
  readonly keepsBody?: boolean;
}

/** A source that a mapping reads: no code. */
export function defineMapping({ expression, path, keepsBody = true, ...options }: MappingOptions): SourceDefinition {
  const [kind] = options.kinds;
  const route = mappingRoute({
    source: options.name,
    path: path ?? `/ingest/${options.name}`,
    expression,
    keepsBody,
    ...(options.required !== undefined && { required: options.required }),
    signal: kind === 'changes' ? 'changes' : 'alerts',
  });
  return { ...defineSource({ ...options, routes: [route] }), expression };
}
