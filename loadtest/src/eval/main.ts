/** `npm run eval -- --cases DIR --truth DIR --out FILE [--only TEXT] [--at-once N]`: plays labelled cases and prints hits beside the baseline's. */
import { parseArgs } from 'node:util';
import { runEvaluation } from './run.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '../shared/cases' },
    truth: { type: 'string', default: '../shared/cases/truth' },
    out: { type: 'string', default: 'out/eval.jsonl' },
    /** Plays the cases whose name holds this text. */
    only: { type: 'string', default: '' },
    'at-once': { type: 'string', default: '4' },
  },
});

await runEvaluation({ ...values, atOnce: Number(values['at-once']), print: (line) => console.info(line) });
