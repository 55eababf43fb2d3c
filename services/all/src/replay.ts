/** `npm run replay -- FILE`: replays an export offline. Exit code 0: every revision came out as it was published. 1: a difference. */
import { readFileSync } from 'node:fs';
import { replayExport } from '@faultline/correlator';
import { AppError, helpOf, readCommandLine } from '@faultline/runtime';
import { replayCommand } from './commands.ts';

const {
  positionals: [file],
} = readCommandLine(replayCommand);
if (file === undefined) {
  process.stderr.write(helpOf(replayCommand));
  process.exit(2);
}

try {
  const { lines, same } = replayExport(readFileSync(file, 'utf8'));
  process.stdout.write(`${[...lines, same ? 'same as published' : 'NOT as published'].join('\n')}\n`);
  process.exitCode = same ? 0 : 1;
} catch (error) {
  const text = error instanceof AppError ? `${error.message} [${error.code}]` : `cannot read ${file}: ${String(error)}`;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
