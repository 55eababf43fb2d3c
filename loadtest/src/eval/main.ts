/** `npm run eval`: see `options.ts`. */
import { evaluate } from './evaluate.ts';
import { missingCases } from './missing-cases.ts';
import { parseOptions, usage } from './options.ts';

const options = parseOptions(process.argv.slice(2));
const missing = missingCases(options);
if (options.help) console.info(usage);
else if (missing === null) await evaluate(options, (line) => console.info(line));
else {
  console.error(missing);
  process.exitCode = 2;
}
