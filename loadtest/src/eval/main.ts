/** `npm run eval`: see `options.ts`. */
import { evaluate } from './evaluate.ts';
import { parseOptions, usage } from './options.ts';

const options = parseOptions(process.argv.slice(2));
if (options.help) console.info(usage);
else await evaluate(options, (line) => console.info(line));
