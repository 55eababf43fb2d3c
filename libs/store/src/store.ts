import type { Clock, Component, Logger } from '@faultline/runtime';
import type { StoreConfig } from './config.ts';
import { openEmbedded } from './embedded.ts';
import { type Engine, openEngine, serverClient } from './engine.ts';
import { insertBatches } from './insert.ts';
import { migrate, readMigrations } from './migration.ts';
import type { Store } from './port.ts';
import { readEntityHealth } from './queries/entity-health.ts';
import { answerEvidence } from './queries/evidence.ts';
import { readGraph } from './queries/graph.ts';
import { listIncidentAlerts } from './queries/incident-alerts.ts';
import { getIncidentRevision, listIncidents } from './queries/incidents.ts';
import { applyRetention } from './retention.ts';

export interface StoreOptions {
  readonly logger: Logger;
  readonly clock: Clock;
}

/**
 * The store. Start opens the engine, applies migrations and retention; it throws STORE_FOLDER_LOCKED, STORE_FOLDER_UNUSABLE,
 * STORE_MIGRATION_CHANGED, STORE_NEWER, STORE_DENIED or STORE_UNAVAILABLE. Stop waits for calls that run, then closes.
 */
export function createStore(config: StoreConfig, options: StoreOptions): Component<Store> {
  return {
    start: async () => {
      const engine = await open(config);
      try {
        await prepare(engine, config, options);
      } catch (error) {
        await engine.close();
        throw error;
      }
      return { value: storeOver(engine, config, options), stop: () => engine.close() };
    },
  };
}

async function prepare(engine: Engine, config: StoreConfig, { logger, clock }: StoreOptions): Promise<void> {
  const applied = await migrate(engine, readMigrations(), clock);
  if (applied.length > 0) logger.info('store migrated', { files: applied.length, last: applied.at(-1) ?? '' });
  await applyRetention(engine, config);
}

/** Embedded lanes block threads of libuv's pool of four: three of them leave one for files. A server has its own limits. */
async function open(config: StoreConfig): Promise<Engine> {
  if (config.kind === 'embedded') {
    const connect = await openEmbedded(config.folder);
    return openEngine({ openReader: connect, openWriter: connect, readers: 2, writers: 1 });
  }
  const client = serverClient({
    url: config.url,
    database: config.database,
    user: config.user,
    password: config.password?.reveal() ?? '',
  });
  return openEngine({ openReader: () => client, openWriter: () => client, readers: 8, writers: 4 });
}

function storeOver(engine: Engine, { maxQueryMs }: StoreConfig, { clock }: StoreOptions): Store {
  const budget = { maxMs: maxQueryMs };
  return {
    insert: (batches) => insertBatches(engine, batches),
    answerEvidence: (question) => {
      const leftMs = Math.max(1000, question.deadlineMs - clock());
      return answerEvidence(engine, question, { maxMs: Math.min(maxQueryMs, leftMs) });
    },
    listIncidents: (filter, page) => listIncidents(engine, filter, page, budget),
    getIncidentRevision: (request) => getIncidentRevision(engine, request, budget),
    listIncidentAlerts: (request, page) => listIncidentAlerts(engine, request, page, budget),
    graph: (scope, range) => readGraph(engine, scope, range, budget),
    entityHealth: (request) => readEntityHealth(engine, request, budget),
    ping: () => engine.ping().catch(() => false),
  };
}
