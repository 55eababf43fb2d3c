import { knownSchemas } from '@faultline/model';
import { AppError } from '@faultline/runtime';
import type { RegistryClient } from './client.ts';

/**
 * Any release reads what any other wrote: while instances are replaced one by one, an old one reads what a new one writes.
 */
export const compatibilityLevel = 'FULL_TRANSITIVE';

/** How often a registration that collides with that of another process is tried again. */
const collisionRetries = 3;

/** Registers every schema that this release may write or read, oldest first; gives each one's id by its fingerprint. Several processes may do so at once. */
export async function registerSchemas(client: RegistryClient): Promise<ReadonlyMap<string, number>> {
  const subjects = Map.groupBy(knownSchemas, ({ fullName }) => fullName);
  const ids = new Map<string, number>();
  const registerSubject = async (subject: string, versions: typeof knownSchemas) => {
    if ((await client.compatibility(subject)) !== compatibilityLevel)
      await client.setCompatibility(subject, compatibilityLevel);
    for (const { fingerprint, schema } of versions) ids.set(fingerprint, await registerOne(client, subject, schema));
  };
  await Promise.all([...subjects].map(([subject, versions]) => registerSubject(subject, versions)));
  return ids;
}

/** A registry may answer two who register one schema at one moment as if the second were refused. */
async function registerOne(client: RegistryClient, subject: string, schema: object): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await client.register(subject, schema);
    } catch (error) {
      const mayCollide = error instanceof AppError && error.code === 'BUS_REGISTRY_REFUSED';
      if (!mayCollide || attempt > collisionRetries) throw error;
    }
  }
}
