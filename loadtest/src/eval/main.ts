/** `npm run eval`: see `options.ts`. */
import { parseSeeds } from '../case/seeds.ts';
import { formatStormMisses, formatStorms, judgeStorms } from '../storms/report.ts';
import { formatWorkloadMisses, formatWorkloads, judgeWorkloads } from '../workloads/report.ts';
import { evaluate } from './evaluate.ts';
import { missingCases } from './missing-cases.ts';
import { parseOptions } from './options.ts';

const options = parseOptions(process.argv.slice(2));
const isInMemory = options.workloads !== '' || options.storms !== '';
const missing = isInMemory ? null : missingCases(options);
if (options.workloads !== '') {
  const judged = judgeWorkloads(parseSeeds(options.workloads));
  if (options.misses) console.info(formatWorkloadMisses(judged));
  console.info(formatWorkloads(judged));
} else if (options.storms !== '') {
  const judged = judgeStorms(parseSeeds(options.storms));
  if (options.misses) console.info(formatStormMisses(judged));
  console.info(formatStorms(judged));
} else if (missing === null) await evaluate(options, (line) => console.info(line));
else {
  console.error(missing);
  process.exitCode = 2;
}
