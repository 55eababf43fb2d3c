import { type KnownSchema, knownSchemas } from '@faultline/model';
import { AppError, backoffMs, sleep } from '@faultline/runtime';
import type { RegistryClient } from './client.ts';

/** Any release can read what any other wrote. That is needed while instances are replaced one by one. */
export const compatibilityLevel = 'FULL_TRANSITIVE';

/**
 * How often a refused registration is retried. Two processes that register a schema or set a rule at the same moment
 * may refuse each other (seen with Apicurio 3). An incompatible schema is refused every time.
 */
const tries = 6;
const retry = { baseMs: 50, maxMs: 500 };

/**
 * Registers every schema that this release may write or read, oldest first. Returns the id of each by fingerprint.
 * Several processes may do so at once.
 */
export async function registerSchemas(client: RegistryClient): Promise<ReadonlyMap<string, number>> {
  const subjects = Map.groupBy(knownSchemas, ({ fullName }) => fullName);
  const ids = await Promise.all(
    [...subjects].map(([subject, versions]) => registerPatiently(client, subject, versions)),
  );
  return new Map(ids.flat());
}

type Ids = readonly (readonly [fingerprint: string, id: number])[];

/** Every step is idempotent, so it can be retried. */
async function registerPatiently(
  client: RegistryClient,
  subject: string,
  versions: readonly KnownSchema[],
): Promise<Ids> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await registerSubject(client, subject, versions);
    } catch (error) {
      const mayBeConcurrent = error instanceof AppError && error.code === 'BUS_REGISTRY_REFUSED';
      if (!mayBeConcurrent || attempt === tries) throw error;
      await sleep(backoffMs(attempt, retry, Math.random));
    }
  }
}

/**
 * The rule is set first, so that it applies to our own schemas too. A rule that is already right is not set again,
 * because setting needs more permissions than registering.
 */
async function registerSubject(
  client: RegistryClient,
  subject: string,
  versions: readonly KnownSchema[],
): Promise<Ids> {
  if ((await client.compatibility(subject)) !== compatibilityLevel)
    await client.setCompatibility(subject, compatibilityLevel);
  const ids: [string, number][] = [];
  for (const { fingerprint, schema } of versions) ids.push([fingerprint, await client.register(subject, schema)]);
  return ids;
}
