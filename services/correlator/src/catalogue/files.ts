/** Reads the files of `correlator.catalogueFiles`. A file that cannot be read keeps what it said before. */
import { globSync, readFileSync } from 'node:fs';
import type { CatalogueFile } from '../config.ts';
import { readBackstage } from './backstage.ts';
import { readCodeowners } from './codeowners.ts';
import type { CatalogueSource } from './entry.ts';
import { readCatalogueYaml } from './yaml-file.ts';

export interface ReadFiles {
  /** In the order of the configuration, and of the paths that one pattern matches. */
  readonly sources: readonly CatalogueSource[];
  /** One text for each file that is missing or cannot be read. */
  readonly problems: readonly string[];
}

interface KnownFile {
  readonly text: string;
  readonly source: CatalogueSource;
}

type KnownFiles = Map<string, KnownFile>;

export class CatalogueFiles {
  readonly #files: readonly CatalogueFile[];
  /** What each path said when it could last be read, by position in the configuration and path. */
  #known: KnownFiles = new Map();

  constructor(files: readonly CatalogueFile[]) {
    this.#files = files;
  }

  read(): ReadFiles {
    const problems: string[] = [];
    const known: KnownFiles = new Map();
    const sources = this.#files.flatMap((file, index) => {
      const paths = globSync(file.path).sort();
      if (paths.length === 0) {
        problems.push(`${file.path}: no such file`);
        return this.#lastOf(index, known);
      }
      return paths.flatMap((path) => this.#readOne(file, { key: keyOf(index, path), path, known, problems }));
    });
    this.#known = known;
    return { sources, problems };
  }

  #readOne(
    file: CatalogueFile,
    { key, path, known, problems }: { key: string; path: string; known: KnownFiles; problems: string[] },
  ): readonly CatalogueSource[] {
    const last = this.#known.get(key);
    let result = last;
    try {
      const text = readFileSync(path, 'utf8');
      if (text !== last?.text) result = { text, source: parseFile(file, path, text) };
    } catch (error) {
      const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
      problems.push(`${path}: ${reason}`);
    }
    if (result === undefined) return [];
    known.set(key, result);
    return [result.source];
  }

  /** A file may be gone for the moment in which somebody replaces it. */
  #lastOf(index: number, known: KnownFiles): readonly CatalogueSource[] {
    const last = [...this.#known].filter(([key]) => key.startsWith(keyOf(index, '')));
    for (const [key, value] of last) known.set(key, value);
    return last.map(([, { source }]) => source);
  }
}

function keyOf(index: number, path: string): string {
  return `${index}:${path}`;
}

function parseFile(file: CatalogueFile, path: string, text: string): CatalogueSource {
  switch (file.type) {
    case 'yaml':
      return readCatalogueYaml(text, path);
    case 'backstage':
      return readBackstage(text, path);
    case 'codeowners':
      return readCodeowners(text, file, path);
  }
}
