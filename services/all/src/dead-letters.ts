/** `npm run dead-letters -- list`, `show ID`, `replay ID...`: what senders sent and nobody could read, and sending it again. */
import { createMappingEvaluator } from '@faultline/ingest';
import { AppError, helpOf, readCommandLine } from '@faultline/runtime';
import type { ApiClient } from './api-call.ts';
import { loadAppConfig } from './app-config.ts';
import { deadLettersCommand } from './commands.ts';
import { type ListedLetter, listLetters, replayLetter } from './dead-letter-client.ts';

/** Letters that are looked through for an id. */
const mostLetters = 5000;

const { positionals, values } = readCommandLine(deadLettersCommand);
const [command, ...ids] = positionals;
const { url = 'http://127.0.0.1:8080', tenant, source = '', config, header: words = [] } = values;
const client: ApiClient = { url, tenant, token: process.env['FAULTLINE_TOKEN'] };
const write = (text: string) => void process.stdout.write(`${text}\n`);

try {
  process.exitCode = await runCommand();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  process.stderr.write(`${error.message} [${error.code}]\n`);
  process.exitCode = 1;
}

async function runCommand(): Promise<number> {
  if (command === 'list') return list(await listLetters(client, source, 100));
  if ((command !== 'show' && command !== 'replay') || ids.length === 0) {
    process.stderr.write(helpOf(deadLettersCommand));
    return 2;
  }
  const letters = await listLetters(client, source, mostLetters);
  const wanted = ids.flatMap((id) => letters.find((letter) => letter.id === id) ?? []);
  for (const id of ids) if (wanted.every((letter) => letter.id !== id)) process.stderr.write(`${id}: not found\n`);
  const isWhole = wanted.length === ids.length;
  return command === 'show' ? show(wanted, isWhole) : await replay(wanted, isWhole);
}

function list(letters: readonly ListedLetter[]): number {
  for (const letter of letters)
    write(`${letter.id}  ${letter.receivedAt}  ${letter.source}/${letter.signal}  ${letter.code}: ${letter.reason}`);
  return 0;
}

function show(letters: readonly ListedLetter[], isWhole: boolean): number {
  for (const letter of letters) {
    const { payload, ...rest } = letter;
    write(`${JSON.stringify(rest, null, 2)}\n${Buffer.from(payload, 'base64').toString()}`);
  }
  return isWhole ? 0 : 1;
}

async function replay(letters: readonly ListedLetter[], isWhole: boolean): Promise<number> {
  const { ingest } = loadAppConfig(config === undefined ? {} : { file: config });
  const { mappingMs: timeoutMs, mappingMemoryMb: memoryMb } = ingest.limits;
  const mappings = createMappingEvaluator({ timeoutMs, memoryMb });
  const headers = Object.fromEntries(
    words.map((word) => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)]),
  );
  let isOk = isWhole;
  for (const letter of letters) {
    const replayed = await replayLetter(letter, client, { ingest, mappings, headers, nowMs: Date.now() });
    write(replayed.text);
    isOk &&= replayed.isOk;
  }
  await mappings.close();
  return isOk ? 0 : 1;
}
