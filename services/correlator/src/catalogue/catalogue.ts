/** The owners that are known now: of the configuration, of files and of watched clusters. */
import type { CatalogueRule } from '@faultline/correlation';
import type { EntityBinding } from '@faultline/model';
import type { CorrelatorConfig } from '../config.ts';
import { readClusters } from './cluster.ts';
import { type CatalogueSource, mergeSources, type SourcedRule } from './entry.ts';
import { CatalogueFiles } from './files.ts';

export type CatalogueConfig = Pick<CorrelatorConfig, 'catalogue' | 'catalogueFiles'>;

export class Catalogue {
  readonly #config: CatalogueConfig;
  readonly #files: CatalogueFiles;
  readonly #bindings = new Map<string, EntityBinding>();
  #fromFiles: readonly CatalogueSource[] = [];
  #seen = '';
  #version = 0;

  constructor(config: CatalogueConfig) {
    this.#config = config;
    this.#files = new CatalogueFiles(config.catalogueFiles);
  }

  /** Grows when the rules may differ from those before. */
  get version(): number {
    return this.#version;
  }

  /** Takes one binding of the `config` topic; null forgets its key. It counts from the next refresh. */
  take(key: string, binding: EntityBinding | null): void {
    if (binding?.ownership == null) this.#bindings.delete(key);
    else this.#bindings.set(key, binding);
  }

  /** Reads the files again. Returns one text for each that is missing or cannot be read. */
  refresh(): readonly string[] {
    const { sources, problems } = this.#files.read();
    this.#fromFiles = sources;
    const seen = JSON.stringify([sources, [...this.#bindings.values()]]);
    if (seen !== this.#seen) this.#version += 1;
    this.#seen = seen;
    return problems;
  }

  /** Strongest first, each with its source. A cluster speaks for its own tenant only. */
  sourcedRules(tenant: string): readonly SourcedRule[] {
    const bindings = [...this.#bindings.values()].filter(({ scope }) => scope.tenant === tenant);
    const own = this.#config.catalogue.map((rule) => ({
      ...rule,
      source: 'the configuration',
      contactSource: rule.contact === '' ? '' : 'the configuration',
    }));
    return [...own, ...mergeSources([...this.#fromFiles, readClusters(bindings)])];
  }

  rulesFor(tenant: string): readonly CatalogueRule[] {
    return this.sourcedRules(tenant).map(({ source: _source, contactSource: _contactSource, ...rule }) => rule);
  }
}
