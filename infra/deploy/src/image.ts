/**
 * Does what `docker build` would do with our Dockerfile, without a container engine. It runs COPY through .dockerignore
 * and npm steps, in one folder per stage. The base image is this machine. Other RUN steps are reported, not run.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { promisify } from 'node:util';
import dockerignore from '@balena/dockerignore';
import { readDockerfile, type Stage, type Step } from './dockerfile.ts';

const createRules = dockerignore.default;

interface BuildOptions {
  /** The folder with Dockerfile and .dockerignore. */
  readonly context: string;
  readonly target: string;
  /** An empty folder. The root of a stage is `into/<stage>`. */
  readonly into: string;
}

export interface Built {
  readonly root: string;
  /** RUN steps that were not run because they are not npm's. */
  readonly notRun: readonly string[];
}

interface Build extends BuildOptions {
  readonly stages: readonly Stage[];
  readonly files: readonly string[];
  readonly done: Map<string, Built>;
}

/** Builds the target and the stages that it needs. Rejects when a step fails or copies nothing. */
export async function buildImage(options: BuildOptions): Promise<Built> {
  const stages = readDockerfile(join(options.context, 'Dockerfile'));
  return buildStage({ ...options, stages, files: contextFiles(options.context), done: new Map() }, options.target);
}

/** The files that .dockerignore lets through, relative to the context. */
export function contextFiles(context: string): readonly string[] {
  const rules = createRules().add(readFileSync(join(context, '.dockerignore'), 'utf8'));
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name === '.git') return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return rules.ignores(relative(context, path)) ? [] : [relative(context, path)];
    });
  return walk(context);
}

async function buildStage(build: Build, name: string): Promise<Built> {
  const known = build.done.get(name);
  if (known !== undefined) return known;
  const stage = build.stages.find((candidate) => candidate.name === name);
  if (stage === undefined) throw new Error(`no stage named ${name}`);
  const root = join(build.into, name);
  mkdirSync(root);
  const base = build.stages.some((candidate) => candidate.name === stage.base)
    ? await buildStage(build, stage.base)
    : null;
  if (base !== null) cpSync(base.root, root, { recursive: true, verbatimSymlinks: true });
  const notRun = [...(base?.notRun ?? [])];
  for (const step of stage.steps) {
    if (step.keyword === 'COPY') await copy(build, root, step);
    if (step.keyword === 'RUN' && !(await run(root, step))) notRun.push(step.args.join(' '));
  }
  const built = { root, notRun };
  build.done.set(name, built);
  return built;
}

/** All our stages work in /app. */
const workdir = 'app';

async function copy(build: Build, root: string, { args, flags }: Step): Promise<void> {
  const sources = args.slice(0, -1);
  const to = join(root, workdir, args.at(-1) ?? '');
  const from = flags['from'] === undefined ? null : (await buildStage(build, flags['from'])).root;
  for (const source of sources) {
    if (from !== null) cpSync(join(from, source), to, { recursive: true, verbatimSymlinks: true });
    else copyFromContext(build, source, args.at(-1)?.endsWith('/') ? join(to, '/') : to);
  }
}

function copyFromContext({ context, files }: Build, source: string, to: string): void {
  const found = files.filter((file) => file === source || file.startsWith(`${source}/`));
  if (found.length === 0) throw new Error(`COPY ${source}: nothing there, or .dockerignore leaves it out`);
  const isFolder = statSync(join(context, source)).isDirectory();
  for (const file of found) {
    const target = isFolder ? join(to, relative(source, file)) : to.endsWith('/') ? join(to, basename(file)) : to;
    cpSync(join(context, file), target, { recursive: true });
  }
}

/** Returns false for a step that is not npm's. */
async function run(root: string, { args }: Step): Promise<boolean> {
  const [command = '', ...rest] = args;
  if (command !== 'npm') return false;
  await promisify(execFile)(command, rest, { cwd: join(root, workdir) });
  return true;
}
