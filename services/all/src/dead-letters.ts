/** `npm run dead-letters -- list`, `show ID`, `replay ID...`: what senders sent and nobody could read, and sending it again. */
import { readFileSync } from 'node:fs';
import { AppError, helpOf, readCommandLine } from '@faultline/runtime';
import type { ApiClient } from './api-call.ts';
import { deadLettersCommand } from './commands.ts';
import { type ListedLetter, listLetters, replayLetters } from './dead-letter-client.ts';

/** Letters that are looked through for an id. */
const mostLetters = 5000;

const { positionals, values } = readCommandLine(deadLettersCommand);
const [command, ...ids] = positionals;
const { url = 'http://127.0.0.1:8080', tenant, source = '', mapping: mappingFile, header: words = [] } = values;
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
  if (command === 'replay') return await replay();
  const letters = await listLetters(client, source, mostLetters);
  const wanted = ids.flatMap((id) => letters.find((letter) => letter.id === id) ?? []);
  for (const id of ids) if (wanted.every((letter) => letter.id !== id)) process.stderr.write(`${id}: not found\n`);
  return show(wanted, wanted.length === ids.length);
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

async function replay(): Promise<number> {
  const mapping = mappingFile === undefined ? '' : readFileSync(mappingFile, 'utf8');
  const headers = Object.fromEntries(
    words.map((word) => [word.split('=', 1)[0] ?? '', word.slice(word.indexOf('=') + 1)]),
  );
  const results = await replayLetters(client, ids, { mapping, headers });
  for (const { id, replayed, text } of results) write(`${id}: ${replayed ? 'replayed to' : 'not replayed:'} ${text}`);
  return results.every(({ replayed }) => replayed) ? 0 : 1;
}
