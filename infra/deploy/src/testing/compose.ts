/** For tests: compose.yaml and its Faultline processes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { DeployedProcess } from './process.ts';

export const infra = join(import.meta.dirname, '../../..');

interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly volumes?: readonly string[];
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly env_file?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: object;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly stop_grace_period?: string;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

export const compose = parse(readFileSync(join(infra, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;

/** The services that run Faultline's image. */
export const faultlineServices: readonly (readonly [string, ComposeService])[] = Object.entries(
  compose.services,
).filter(([, { image }]) => image.startsWith('faultline:'));

/** The process of a service, with the files of its configuration folder. */
export function processOf(name: string, { command = [], volumes = [], secrets = [] }: ComposeService): DeployedProcess {
  const files: Record<string, string> = {};
  for (const volume of volumes) {
    const [from = '', to = ''] = volume.split(':');
    const folder = join(infra, from);
    for (const file of readdirSync(folder)) files[`${to}/${file}`] = readFileSync(join(folder, file), 'utf8');
  }
  return { name, args: command, files, secretFiles: secrets.map((secret) => `/run/secrets/${secret}`) };
}
