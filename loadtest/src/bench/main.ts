/** `npm run bench -- NAME`: runs one benchmark, which prints one JSON line of raw numbers. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.startsWith('main.'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const [name = ''] = process.argv.slice(2);

if (names.includes(name)) {
  const bench: { run(): Promise<unknown> } = await import(pathToFileURL(join(import.meta.dirname, `${name}.ts`)).href);
  await bench.run();
} else {
  console.error(`There is no benchmark '${name}'. Choose one of: ${names.join(', ')}.`);
  process.exitCode = 2;
}
