/**
 * `npm run secrets [-- DIR]`: creates the passwords and tokens for compose and Kubernetes, each in a file of its own,
 * and prints none. Leaves an existing folder unchanged, because its tokens are in use.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createToken, parseCommandLine } from '@faultline/runtime';
import manifest from '../package.json' with { type: 'json' };

/** Names of the tokens, in the order of `auth.tokens` in the configuration files. */
export const tokenNames = ['admin', 'collector', 'alertmanager'] as const;

/** File names and contents. Secrets have no trailing newline, because some readers would keep it. */
export function makeSecrets(): Readonly<Record<string, string>> {
  const tokens = tokenNames.map((name) => ({ name, ...createToken() }));
  const [clickhouse, grafanaClickhouse, grafanaAdmin] = [password(), password(), password()];
  return {
    ...Object.fromEntries(tokens.map(({ name, token }) => [`${name}-token`, token])),
    'tokens.env': lines(tokens.map(({ hash }, index) => [`FAULTLINE_AUTH__TOKENS__${index}__HASH`, hash])),
    'clickhouse-password': clickhouse,
    'grafana-clickhouse-password': grafanaClickhouse,
    'grafana-admin-password': grafanaAdmin,
    'clickhouse.env': lines([
      ['CLICKHOUSE_PASSWORD', clickhouse],
      ['GRAFANA_CLICKHOUSE_PASSWORD', grafanaClickhouse],
    ]),
  };
}

const password = (): string => randomBytes(24).toString('base64url');

function lines(entries: readonly (readonly string[])[]): string {
  return entries.map(([name, value]) => `${name}=${value}\n`).join('');
}

/** Only the owner may open the folder. Its files are readable for the user of a container that mounts them. */
export function writeSecrets(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(makeSecrets())) writeFileSync(join(folder, name), text, { mode: 0o644 });
}

const command = {
  name: 'npm run secrets',
  summary:
    'Makes the passwords and tokens of a deployment, each in a file of its own. An existing folder is left as it is.',
  positionals: '[DIR]',
  options: {},
  notes: ['Default folder: infra/secrets'],
  version: manifest.version,
} as const;

if (import.meta.main) {
  const parsed = parseCommandLine(command, process.argv.slice(2));
  if (parsed.kind === 'end') {
    (parsed.exitCode === 0 ? process.stdout : process.stderr).write(parsed.text);
    process.exit(parsed.exitCode);
  }
  const folder = resolve(parsed.positionals[0] ?? join(import.meta.dirname, '../../secrets'));
  if (existsSync(folder)) {
    process.stderr.write(`${folder} exists already. Move it away to get new passwords and tokens.\n`);
    process.exitCode = 1;
  } else {
    writeSecrets(folder);
    process.stdout.write(`${folder}: passwords and tokens. Sign in to the console with the text of admin-token.\n`);
  }
}
