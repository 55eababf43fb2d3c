/**
 * The credential in a PagerDuty body: the routing key, or the service key of the first version. It is found in the parsed
 * value, because a field name may contain escapes and a body may hold the key twice.
 */
import { isJsonObject } from '../../field.ts';

const credentialFields = ['routing_key', 'service_key'] as const;

/** Shorter keys, such as `any`, are no secrets, and are parts of ordinary words. */
const shortestSecret = 16;
const replacement = '<secret>';

const decoder = new TextDecoder();

/** The token of senders that know no header. Null without one. */
export function routingKey(bytes: Buffer): string | null {
  const body = parsed(bytes);
  const key = isJsonObject(body) ? (body['routing_key'] ?? body['service_key']) : null;
  return typeof key === 'string' && key !== '' ? key : null;
}

/** A copy of a parsed body without its credentials, wherever they are. Throws RangeError on extreme nesting. */
export function withoutCredentials(body: unknown): unknown {
  return JSON.parse(textWithoutCredentials(body));
}

/**
 * The bytes of a refused body without credentials. What is not JSON is withheld as a whole, because a credential in it
 * cannot be found for certain. Its size stays.
 */
export function withoutRoutingKey(bytes: Buffer): Buffer {
  const withheld = () => Buffer.from(`withheld: ${bytes.length} bytes that are not JSON and may hold a routing key`);
  try {
    const body = parsed(bytes);
    return body === undefined ? withheld() : Buffer.from(textWithoutCredentials(body));
  } catch (error) {
    if (error instanceof RangeError) return withheld();
    throw error;
  }
}

function textWithoutCredentials(body: unknown): string {
  const secrets = secretsIn(body);
  return JSON.stringify(body, (field, value: unknown) => {
    if (isCredential(field)) return undefined;
    return typeof value === 'string' ? maskAll(value, secrets) : value;
  });
}

function secretsIn(body: unknown): ReadonlySet<string> {
  const secrets = new Set<string>();
  JSON.stringify(body, (field, value: unknown) => {
    if (isCredential(field) && typeof value === 'string' && value.length >= shortestSecret) secrets.add(value);
    return value;
  });
  return secrets;
}

function maskAll(text: string, secrets: ReadonlySet<string>): string {
  let masked = text;
  for (const secret of secrets) masked = masked.replaceAll(secret, replacement);
  return masked;
}

function isCredential(field: string): boolean {
  return credentialFields.some((name) => name === field);
}

/** Undefined when the bytes are not JSON. A byte order mark is allowed, as when the body is decoded. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
