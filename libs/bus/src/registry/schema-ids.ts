import { createTranslator, knownSchemas, schemaFingerprint, singleObject, type Translator } from '@faultline/model';
import type { RegistryClient } from './client.ts';

/** Maps schema ids to schemas. Grows as records are read; the meaning of an id never changes. */
export interface SchemaIds {
  /** The id for values with this fingerprint; undefined for a schema that is not ours. */
  idOf(fingerprint: string): number | undefined;
  /**
   * Returns the function that converts bodies of this id; null when the id is unknown, or its schema cannot be
   * converted to one of ours. Rejects as the client does.
   */
  translator(id: number): Promise<Translator | null>;
}

/** Starts with the ids of our own schemas. */
export function createSchemaIds(client: RegistryClient, registered: ReadonlyMap<string, number>): SchemaIds {
  const translators = new Map<number, Translator | null>();
  for (const [fingerprint, id] of registered) translators.set(id, (body) => singleObject(fingerprint, body));
  return {
    idOf: (fingerprint) => registered.get(fingerprint),
    translator: async (id) => {
      const known = translators.get(id);
      if (known !== undefined) return known;
      const schema = await client.schemaById(id);
      // Not cached, because the id may be registered later.
      if (schema === null) return null;
      const translator = translatorFor(schema);
      translators.set(id, translator);
      return translator;
    },
  };
}

const ours = new Set(knownSchemas.map(({ fingerprint }) => fingerprint));

function translatorFor(schema: object): Translator | null {
  const fingerprint = fingerprintOrNull(schema);
  if (fingerprint === null) return null;
  return ours.has(fingerprint) ? (body) => singleObject(fingerprint, body) : createTranslator(schema);
}

function fingerprintOrNull(schema: object): string | null {
  try {
    return schemaFingerprint(schema);
  } catch {
    return null;
  }
}
