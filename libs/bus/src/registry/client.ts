/** The few calls of the Confluent Schema Registry's API that the log makes. */
import { AppError } from '@faultline/runtime';
import type { RegistryConfig } from './config.ts';
import { errorOfStatus, registryError } from './registry-error.ts';

export interface RegistryClient {
  /** The schema's id; the same for everybody who asks with the same schema. Rejects with `BUS_REGISTRY_REFUSED` when it breaks the subject's rule. */
  register(subject: string, schema: object): Promise<number>;
  /** Null where the subject has no rule of its own. */
  compatibility(subject: string): Promise<string | null>;
  setCompatibility(subject: string, level: string): Promise<void>;
  /** Null where the registry has no Avro schema of this id. */
  schemaById(id: number): Promise<object | null>;
}

const mediaType = 'application/vnd.schemaregistry.v1+json';

/** All calls reject with `BUS_REGISTRY_UNAVAILABLE` (transient) or `BUS_REGISTRY_DENIED` (permanent). */
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

type Answer = Readonly<Record<string, unknown>>;
type Call = (method: string, path: string, body?: object) => Promise<Answer | null>;

/** Gives null for what the registry does not have. */
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
        // A redirect to elsewhere would take the credentials along.
        redirect: 'error',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (response.ok) return (await response.json()) as Answer;
      if (await isNotFound(response)) return null;
      throw errorOfStatus(response.status, what);
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw registryError('BUS_REGISTRY_UNAVAILABLE', 'transient', `${what}: no usable answer`, error);
    }
  };
}

/** Said by the registry itself: a 404 of anything in between must not make a schema look unknown. Its codes are the status and two digits. */
async function isNotFound(response: Response): Promise<boolean> {
  if (response.status !== 404) return false;
  const { error_code: code } = (await response.json()) as { readonly error_code?: unknown };
  return typeof code === 'number' && Math.floor(code / 100) === 404;
}

/** Schemas of other kinds (JSON, Protobuf) say so in `schemaType`; Avro is what is meant where nothing is said. */
function parseAvro(answer: Answer | null): object | null {
  if (answer === null || typeof answer['schema'] !== 'string') return null;
  if (answer['schemaType'] !== undefined && answer['schemaType'] !== 'AVRO') return null;
  try {
    const schema: unknown = JSON.parse(answer['schema']);
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
    `${path}: the answer has no id; is this a schema registry?`,
  );
}
