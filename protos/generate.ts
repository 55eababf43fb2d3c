/** Writes the Avro schemas into the model as TypeScript, so that `libs/model` needs no file system. `npm run generate`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const here = import.meta.dirname;
export const generatedFile = join(here, '../libs/model/src/schemas.generated.ts');

/** The text of the generated file: the current schemas and every released one by name, oldest first. */
export function generateSchemas(): string {
  const current = avscFiles(here).map(([name, json]) => `  '${name}': ${json},`);
  const released = readdirSync(join(here, 'released'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .sort((a, b) => Number(a.name) - Number(b.name))
    .flatMap((entry) => avscFiles(join(here, 'released', entry.name)))
    .map(([name, json]) => `  { name: '${name}', schema: ${json} },`);
  return [
    '// Made by `npm run generate` from protos/*.avsc. Do not edit.',
    'export const schemas = {',
    ...current,
    '} as const;',
    'export const releasedSchemas: readonly { readonly name: string; readonly schema: object }[] = [',
    ...released,
    '];',
    '',
  ].join('\n');
}

function avscFiles(folder: string): [name: string, json: string][] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.avsc'))
    .sort()
    .map((file) => [basename(file, '.avsc'), JSON.stringify(JSON.parse(readFileSync(join(folder, file), 'utf8')))]);
}

if (import.meta.main) writeFileSync(generatedFile, generateSchemas());
