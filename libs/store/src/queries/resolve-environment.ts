/** Looks up which environments an evidence query is about. */
import { decideReading, type EnvironmentReading, type EvidenceQuery, unnamedEnvironment } from '@faultline/model';
import type { Engine } from '../engine.ts';
import { readKnownEnvironments, readSeen, searched } from './environments.ts';
import type { Budget } from './statement.ts';

/** A query with the environments that it reads. */
export type ResolvedQuery = Omit<EvidenceQuery, 'environments'> & { readonly environments: readonly string[] };

/** Null for a query of an older release, whose scope names its environment. Never rejects: without an answer it reads what is named. */
export async function resolveEnvironment(
  engine: Pick<Engine, 'select'>,
  query: EvidenceQuery,
  budget: Budget,
): Promise<EnvironmentReading | null> {
  const { environments: named } = query;
  if (named === undefined) return null;
  const { tenant } = query.scope;
  try {
    const [known, seen] = await Promise.all([
      readKnownEnvironments(engine, { tenant, fromMs: searched(query).fromMs }, budget),
      readSeen(engine, query, budget),
    ]);
    return decideReading({ named, seen, known: known.map(({ environment }) => environment).sort() });
  } catch {
    // The parts of the result report why the store cannot be read.
    const read = named.length > 1 ? named : [...named, unnamedEnvironment];
    return { reason: 'unresolved', read: [...read].sort(), named, seen: [], known: [] };
  }
}
