/** The OpenAPI 3.1 document of the sources, served at `/ingest/openapi.json`. It is written from their declarations. */
import { defaultTokenPlaces, type TokenPlace } from '../authentication/token.ts';
import type { Route, Source } from '../source.ts';
import type { SourceDefinition } from '../source-definition.ts';

export const openApiPath = '/ingest/openapi.json';

/** Sources without a declaration, such as OTLP on its own port, are left out. */
export function describeSourceApi(sources: readonly SourceDefinition[]): object {
  const entries = sources.flatMap((source) =>
    source.routes.map((route) => [templateOf(route.path), { post: operationOf(source, route) }] as const),
  );
  return {
    openapi: '3.1.0',
    info: { title: 'Faultline sources', version: 'v1', description: 'What tools send to Faultline. See docs/sources.' },
    paths: Object.fromEntries(entries),
    components: { securitySchemes: schemesOf(sources), schemas: { Refusal: refusalSchema } },
  };
}

const refusalSchema = {
  type: 'object',
  properties: { code: { type: 'string', description: 'See docs/errors.md.' }, message: { type: 'string' } },
};

/** Fastify writes `:identifier`, OpenAPI `{identifier}`. */
function templateOf(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

function operationOf(source: SourceDefinition, route: Route): object {
  const parameters = [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: `${source.name}${route.path.replaceAll(/[^\w]+/g, '_')}`,
    tags: [source.title],
    summary: source.docs.summary,
    ...(parameters.length === 0 ? {} : { parameters }),
    requestBody: { required: true, content: { [route.bodyType ?? 'application/json']: { schema: {} } } },
    responses,
    security: placesOf(route).map((place) => ({ [schemeName(place)]: [] })),
  };
}

const refusal = (description: string) => ({
  description,
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
});
const responses = {
  '2XX': { description: 'The log has what was accepted. The answer names what was not used, and why.' },
  400: refusal('The body cannot be read. It is kept as a dead letter.'),
  401: refusal('The token or the signature is missing or wrong.'),
  403: refusal('The token belongs to another source or tenant.'),
  413: refusal('The body is over a limit.'),
  415: refusal('The content type or encoding is not taken.'),
  503: {
    ...refusal('The log cannot take records now. Send the same again.'),
    headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } },
  },
};

const placesOf = ({ tokenPlaces = defaultTokenPlaces }: Route) => tokenPlaces;

function schemeName(place: TokenPlace): string {
  return typeof place === 'string' ? place : place.header;
}

function schemesOf(sources: readonly Source[]): Record<string, object> {
  const places = sources.flatMap(({ routes }) => routes.flatMap(placesOf));
  return Object.fromEntries(places.map((place) => [schemeName(place), schemeOf(place)]));
}

function schemeOf(place: TokenPlace): object {
  if (place === 'bearer' || place === 'basic') return { type: 'http', scheme: place };
  if (place === 'query') return { type: 'apiKey', in: 'query', name: 'token' };
  return { type: 'apiKey', in: 'header', name: place.header };
}
