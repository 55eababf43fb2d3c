/** The calls of the Confluent Schema Registry API that the log needs. */
import { AppError } from '@faultline/runtime';
import type { RegistryConfig } from './config.ts';
import { errorOfStatus, registryError } from './registry-error.ts';

export interface RegistryClient {
  /**
   * Returns the schema's id; the same id for every caller with the same schema. Rejects with `BUS_REGISTRY_REFUSED`
   * when the schema breaks the subject's compatibility rule.
   */
  register(subject: string, schema: object): Promise<number>;
  /** Null when the subject has no rule of its own. */
  compatibility(subject: string): Promise<string | null>;
  setCompatibility(subject: string, level: string): Promise<void>;
  /** Null when the registry has no Avro schema with this id. */
  schemaById(id: number): Promise<object | null>;
}

const mediaType = 'application/vnd.schemaregistry.v1+json';

/**
 * Creates a client. All calls reject with `BUS_REGISTRY_UNAVAILABLE` (transient) or `BUS_REGISTRY_DENIED` (permanent).
 */
export function createRegistryClient(config: RegistryConfig): RegistryClient {
  const call = createCall(config);
  return {
    register: async (subject, schema) => {
      const path = `/subjects/${encodeURIComponent(subject)}/versions`;
      const answer = await call('POST', path, { schema: JSON.stringify(schema) });
      return requireNumber(answer?.['id'], path);
    },
    compatibility: async (subject) => {
      const answer = await call('GET', `/config/${encodeURIComponent(subject)}`);
      return typeof answer?.['compatibilityLevel'] === 'string' ? answer['compatibilityLevel'] : null;
    },
    setCompatibility: async (subject, level) => {
      await call('PUT', `/config/${encodeURIComponent(subject)}`, { compatibility: level });
    },
    schemaById: async (id) => parseAvro(await call('GET', `/schemas/ids/${id}`)),
  };
}

type Body = Readonly<Record<string, unknown>>;
type Call = (method: string, path: string, body?: object) => Promise<Body | null>;

/** Returns null for what the registry does not have. */
function createCall({ url, user, password, timeoutMs }: RegistryConfig): Call {
  const headers: Record<string, string> = { accept: mediaType, 'content-type': mediaType };
  if (user !== undefined) {
    const credentials = Buffer.from(`${user}:${password?.reveal() ?? ''}`).toString('base64');
    headers['authorization'] = `Basic ${credentials}`;
  }
  const base = url.replace(/\/+$/, '');
  return async (method, path, body) => {
    const what = `${method} ${path}`;
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        headers,
        signal: AbortSignal.timeout(timeoutMs),
        // A redirect would send the credentials to another server.
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok) return (await response.json()) as Body;
      if (await isNotFound(response)) return null;
      throw errorOfStatus(response.status, what);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw registryError('BUS_REGISTRY_UNAVAILABLE', 'transient', `${what}: no usable response`, error);
    }
  };
}

/**
 * Whether the registry itself says so. A 404 from a proxy must not make a schema look unknown. The registry's codes are
 * the status and two digits.
 */
async function isNotFound(response: Response): Promise<boolean> {
  if (response.status !== 404) return false;
  const { error_code: code } = (await response.json()) as { readonly error_code?: unknown };
  return typeof code === 'number' && Math.floor(code / 100) === 404;
}

/** `schemaType` names other kinds of schemas (JSON, Protobuf). Without it the schema is Avro. */
function parseAvro(body: Body | null): object | null {
  if (body === null || typeof body['schema'] !== 'string') return null;
  if (body['schemaType'] !== undefined && body['schemaType'] !== 'AVRO') return null;
  try {
    const schema: unknown = JSON.parse(body['schema']);
    return typeof schema === 'object' && schema !== null ? schema : null;
  } catch {
    return null;
  }
}

function requireNumber(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value;
  throw registryError(
    'BUS_REGISTRY_UNAVAILABLE',
    'transient',
    `${path}: the response has no id; is bus.registry.url a schema registry?`,
  );
}
