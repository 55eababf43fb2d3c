/**
 * `npm run fit -- --evidence DIR[,DIR] [--without FAMILY] [--out FILE]`: fits the numbers of the ranking to kept
 * evidence (`npm run eval -- --keep-evidence`) and writes them into the ranking. `--without` leaves out a family of
 * faults, to test the numbers on unseen faults.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { truthBy } from '../case/truth.ts';
import { fitTuning } from './fit.ts';
import { readSamples } from './sample.ts';
import { formatTuned } from './write.ts';

const { values } = parseArgs({
  options: {
    evidence: { type: 'string' },
    truth: { type: 'string', default: 'cases/truth' },
    without: { type: 'string' },
    out: { type: 'string', default: 'libs/correlation/src/ranking/weigh/tuned.ts' },
  },
});

if (values.evidence === undefined) {
  console.error('usage: npm run fit -- --evidence DIR[,DIR] [--without FAMILY] [--out FILE]');
  process.exit(2);
}
const samples = readSamples(values.evidence.split(','), truthBy(values.truth));
console.info(`${samples.length} cases read`);
const without = values.without ?? null;
const tuning = fitTuning(samples, { without, calibration: null, print: (line) => console.info(line) });
writeFileSync(values.out, formatTuned(tuning));
console.info(`${values.out}: ${tuning.version}`);
