/** `npm run config -- owners [SERVICE]`: who owns what, and which source says so. */
import { existsSync } from 'node:fs';
import { type Bus, createBus } from '@faultline/bus';
import { Catalogue, describeOwners } from '@faultline/correlator';
import { clusterRecordTypes, codecs, type EntityBinding, recordTypeHeader } from '@faultline/model';
import { AppError, silentLogger, systemClock } from '@faultline/runtime';
import type { AppConfig } from './app-config.ts';

export interface OwnersReport {
  readonly text: string;
  /** Files that are missing or cannot be read, and a log that cannot be read. */
  readonly problems: readonly string[];
}

/** Reads the files of the configuration, and what watched clusters left on the log. Never throws for a source that is missing. */
export async function reportOwners(
  config: Pick<AppConfig, 'bus' | 'correlator'>,
  service?: string,
): Promise<OwnersReport> {
  const { catalogue: own, catalogueFiles, catalogueFromClusters } = config.correlator;
  const catalogue = new Catalogue(config.correlator);
  const clusters = catalogueFromClusters ? await readClusters(config.bus) : { bindings: [], problems: [] };
  for (const [key, binding] of clusters.bindings) catalogue.take(key, binding);
  const problems = [...catalogue.refresh(), ...clusters.problems];
  const tenants = new Set(clusters.bindings.map(([, { scope }]) => scope.tenant));
  const sources = [
    ...(own.length > 0 ? ['correlator.catalogue'] : []),
    ...catalogueFiles.map(({ path }) => path),
    ...(catalogueFromClusters ? ['watched clusters'] : []),
    'labels team and owner of the alert',
  ];
  const parts = (tenants.size === 0 ? [''] : [...tenants].sort()).map((tenant) => {
    const title = tenants.size > 1 ? `\ntenant ${tenant}\n` : '';
    return `${title}${describeOwners(catalogue.sourcedRules(tenant), service)}`;
  });
  return { text: `Precedence: ${sources.join(', then ')}.\n${parts.join('')}`, problems };
}

type Bindings = readonly (readonly [key: string, binding: EntityBinding])[];

async function readClusters(config: AppConfig['bus']): Promise<{ bindings: Bindings; problems: readonly string[] }> {
  // To open a log that does not exist would make one.
  if (config.kind === 'embedded' && !existsSync(config.folder)) return { bindings: [], problems: [] };
  try {
    const bus = await createBus(config, { logger: silentLogger, clock: systemClock }).start();
    try {
      return { bindings: await readBindings(bus.value), problems: [] };
    } finally {
      await bus.stop();
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { bindings: [], problems: [`watched clusters: ${error.message} [${error.code}]`] };
  }
}

async function readBindings(bus: Bus): Promise<Bindings> {
  const found = new Map<string, EntityBinding>();
  for (let partition = 0; partition < bus.partitionCount('config'); partition += 1)
    for await (const { key, value, headers } of bus.read({ topic: 'config', partition, from: 0n })) {
      found.delete(key);
      if (value === null || headers[recordTypeHeader] !== clusterRecordTypes.binding) continue;
      const decoded = codecs.entityBinding.decode(value);
      if (decoded.ok) found.set(key, decoded.value);
    }
  return [...found];
}
