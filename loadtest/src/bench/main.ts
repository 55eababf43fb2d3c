/** `npm run bench -- NAME`: runs one benchmark, which prints one JSON line of raw numbers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !file.startsWith('main.'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();
const [name = '', ...flags] = process.argv.slice(2);
const fileOf = (benchmark: string) => join(import.meta.dirname, `${benchmark}.ts`);

/** A benchmark's first comment describes it and its options. */
function helpOf(benchmark: string): string {
  const comment = /^\/\*\*(.*?)\*\//s.exec(readFileSync(fileOf(benchmark), 'utf8'))?.[1] ?? '';
  const lines = comment.split('\n').map((line) => line.replace(/^ *\* ?/, '').trimEnd());
  return lines.join('\n').trim();
}

const choice = `Choose one of: ${names.join(', ')}.`;
if (name === '--help')
  console.info(`usage: npm run bench -- NAME [options]\n${choice}\n--help after a name shows its options.`);
else if (name === '--version') console.info(`faultline ${manifest.version}`);
else if (names.includes(name) && flags.includes('--help')) console.info(helpOf(name));
else if (names.includes(name)) {
  const bench: { run(): Promise<unknown> } = await import(pathToFileURL(fileOf(name)).href);
  await bench.run();
} else {
  console.error(`There is no benchmark '${name}'. ${choice}`);
  process.exitCode = 2;
}
