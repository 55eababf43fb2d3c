import { type KnownSchema, knownSchemas } from '@faultline/model';
import { AppError, backoffMs, sleep } from '@faultline/runtime';
import type { RegistryClient } from './client.ts';

/** Any release reads what any other wrote: while instances are replaced one by one, an old one reads what a new one writes. */
export const compatibilityLevel = 'FULL_TRANSITIVE';

/**
 * How often a refusal is tried again: two who register one schema, or set one rule, at one moment may both be told that the other was in
 * the way (seen with Apicurio 3). A schema that is incompatible is refused every time.
 */
const tries = 6;
const retry = { baseMs: 50, maxMs: 500 };

/** Registers every schema that this release may write or read, oldest first; gives each one's id by its fingerprint. Several processes may do so at once. */
export async function registerSchemas(client: RegistryClient): Promise<ReadonlyMap<string, number>> {
  const subjects = Map.groupBy(knownSchemas, ({ fullName }) => fullName);
  const ids = await Promise.all(
    [...subjects].map(([subject, versions]) => registerPatiently(client, subject, versions)),
  );
  return new Map(ids.flat());
}

type Ids = readonly (readonly [fingerprint: string, id: number])[];

/** Every step may be done again: it gives what it gave. */
async function registerPatiently(
  client: RegistryClient,
  subject: string,
  versions: readonly KnownSchema[],
): Promise<Ids> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await registerSubject(client, subject, versions);
    } catch (error) {
      const mayBeOthers = error instanceof AppError && error.code === 'BUS_REGISTRY_REFUSED';
      if (!mayBeOthers || attempt === tries) throw error;
      await sleep(backoffMs(attempt, retry, Math.random));
    }
  }
}

/** The rule is set first, so that it holds for our own schemas too; one that is set already is left alone: setting needs more rights than registering. */
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
