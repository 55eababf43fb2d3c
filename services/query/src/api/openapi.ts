/** The OpenAPI 3.1 document: requests from their schemas, responses from the protos. */
import { sessionCookieName } from '@faultline/runtime';
import { z } from 'zod';
import { type JsonSchema, schemaOfMessage } from './json-schema.ts';
import { type Operation, pathFields } from './operation.ts';
import type { Contract } from './proto.ts';

const errorSchema: JsonSchema = {
  type: 'object',
  required: ['code', 'message'],
  properties: {
    status: { type: 'string', description: 'The name of the gRPC status.' },
    code: { type: 'string', description: 'See docs/errors.md.' },
    message: { type: 'string' },
    field: { type: 'string', description: 'The field of the request that was wrong.' },
  },
};

const errorResponse = {
  description: 'Error',
  content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
};

/** Over HTTP only: a file. */
const exportOperation = {
  operationId: 'ExportIncident',
  tags: ['IncidentService'],
  summary: 'Export the journal of an incident as a file that `npm run replay` replays offline.',
  parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
  responses: {
    200: { description: 'OK', content: { 'application/x-ndjson': { schema: { type: 'string' } } } },
    default: errorResponse,
  },
};

/** Over HTTP only: a text. */
const postmortemOperation = {
  operationId: 'GetPostmortem',
  tags: ['IncidentService'],
  summary: "The draft of an incident's postmortem in Markdown, from its facts.",
  parameters: exportOperation.parameters,
  responses: {
    200: { description: 'OK', content: { 'text/markdown': { schema: { type: 'string' } } } },
    default: errorResponse,
  },
};

const securitySchemes = {
  token: { type: 'http', scheme: 'bearer' },
  cookie: { type: 'apiKey', in: 'cookie', name: sessionCookieName },
};

/** Over HTTP only: for browsers, which keep the token in a cookie. */
const session = {
  post: {
    operationId: 'SignIn',
    tags: ['Session'],
    summary: 'Check a token and keep it in an HttpOnly cookie.',
    requestBody: {
      content: {
        'application/json': {
          schema: { type: 'object', required: ['token'], properties: { token: { type: 'string' } } },
        },
      },
    },
    responses: { 200: { description: 'OK' }, default: errorResponse },
  },
  delete: {
    operationId: 'SignOut',
    tags: ['Session'],
    summary: 'Remove the cookie.',
    responses: { 200: { description: 'OK' }, default: errorResponse },
  },
};

/** The document served at `/api/v1/openapi.json`. */
export function createOpenApi(operations: readonly Operation[], contract: Contract): object {
  const schemas: Record<string, JsonSchema> = { Error: errorSchema };
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = `/api/v1${operation.path}`;
    paths[path] = { ...paths[path], [operation.verb.toLowerCase()]: describe(operation, contract, schemas) };
  }
  paths['/api/v1/incidents/{id}/export'] = { get: exportOperation };
  paths['/api/v1/incidents/{id}/postmortem'] = { get: postmortemOperation };
  paths['/api/v1/session'] = session;
  return {
    openapi: '3.1.0',
    info: { title: 'Faultline', version: 'v1', description: 'The proto3 JSON of protos/faultline/v1.' },
    paths,
    components: { schemas, securitySchemes },
    security: [{ token: [] }, { cookie: [] }, {}],
  };
}

function describe(operation: Operation, contract: Contract, schemas: Record<string, JsonSchema>): object {
  const { output } = contract.method(operation.service, operation.method);
  const mediaType = operation.handler.kind === 'stream' ? 'text/event-stream' : 'application/json';
  return {
    operationId: operation.method,
    tags: [operation.service],
    summary: operation.summary,
    ...describeRequest(operation),
    responses: {
      200: { description: 'OK', content: { [mediaType]: { schema: schemaOfMessage(output.message, schemas) } } },
      default: errorResponse,
    },
  };
}

function describeRequest(operation: Operation): object {
  const { properties = {}, required = [] } = z.toJSONSchema(operation.request, { io: 'input', unrepresentable: 'any' });
  const inPath = pathFields(operation);
  const parameter = (name: string, place: 'path' | 'query') => {
    const { description, ...schema } = properties[name] as JsonSchema;
    const described = description === undefined ? {} : { description };
    return { name, in: place, required: place === 'path' || required.includes(name), ...described, schema };
  };
  const others = Object.keys(properties).filter((name) => !inPath.includes(name));
  const pathParameters = inPath.map((name) => parameter(name, 'path'));
  if (operation.verb === 'GET')
    return { parameters: [...pathParameters, ...others.map((name) => parameter(name, 'query'))] };
  const schema = {
    type: 'object',
    properties: Object.fromEntries(others.map((name) => [name, properties[name]])),
    required: required.filter((name) => others.includes(name)),
    additionalProperties: false,
  };
  return { parameters: pathParameters, requestBody: { content: { 'application/json': { schema } } } };
}
