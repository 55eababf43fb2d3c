/**
 * `npm run fit -- --evidence DIR[,DIR] [--without FAMILY] [--out FILE]`: fits the numbers of the ranking to kept
 * evidence (`npm run eval -- --keep-evidence`) and writes them into the ranking. `--without` leaves out a family of
 * faults, to test the numbers on unseen faults.
 */
import { writeFileSync } from 'node:fs';
import { type CommandLine, type CommandOptions, helpOf, readCommandLine } from '@faultline/runtime';
import manifest from '../../package.json' with { type: 'json' };
import { truthBy } from '../case/truth.ts';
import { fitTuning } from './fit.ts';
import { readSamples } from './sample.ts';
import { formatTuned } from './write.ts';

const tunedFile = 'libs/correlation/src/ranking/weigh/tuned.ts';
const command = {
  name: 'npm run fit',
  summary: 'Fits the numbers of the ranking to kept evidence, and writes them into the ranking.',
  options: {
    evidence: { type: 'string', value: 'DIR[,DIR]', help: 'Evidence that `npm run eval` kept. Required.' },
    truth: { type: 'string', value: 'DIR', help: 'The labels of the cases. Default: cases/truth.' },
    without: {
      type: 'string',
      value: 'FAMILY',
      help: 'Leave out a family of faults, to test the numbers on unseen ones.',
    },
    out: { type: 'string', value: 'FILE', help: `The file to write. Default: ${tunedFile}.` },
  },
  version: manifest.version,
} as const satisfies CommandLine<CommandOptions>;
const { values } = readCommandLine(command);

if (values.evidence === undefined) {
  console.error(helpOf(command));
  process.exit(2);
}
const samples = readSamples(values.evidence.split(','), truthBy(values.truth ?? 'cases/truth'));
console.info(`${samples.length} cases read`);
const out = values.out ?? tunedFile;
const without = values.without ?? null;
const tuning = fitTuning(samples, { without, calibration: null, print: (line) => console.info(line) });
writeFileSync(out, formatTuned(tuning));
console.info(`${out}: ${tuning.version}`);
