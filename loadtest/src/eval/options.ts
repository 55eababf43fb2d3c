/** What can be said on the command line of `npm run eval`. */
import { parseArgs } from 'node:util';

export const usage = `npm run eval [--] options
  plays cases through the front door and says how often the cause was right, beside three rules of thumb
  --cases DIR --truth DIR   labelled cases and their labels
  --quiet                   each of them also with its alert ten minutes earlier, before its fault
  --ahead SECONDS           metrics stamped up to so long after the end of the play are sent as well
  --ahead-evidence S=DIR,.. kept evidence of plays with --ahead S, for the table that compares them
  --generated 1-40,77       these seeds as well; --generated-only: nothing else
  --only TEXT               cases whose name holds it
  --at-once N               so many at a time
  --keep-evidence DIR       keeps what the core saw
  --evidence DIR[,DIR]      ranks that again instead of playing
  --fit-on DIR[,DIR]        refits on that evidence with each family of faults left out in turn, and ranks it by those numbers;
                            families of recorded cases, with --all-families also those that only generated ones have
  --ablate                  ranks again without each signal in turn
  --disturb                 ranks again from evidence that is thinner, shorter, later or under other names
  --misses                  a line for every case that is wrong
  --write-docs              writes docs/accuracy.md; takes --fit-on, --ablate and --disturb as given
  --out FILE                one JSON line a case`;

/** Throws on an option that is not known. */
export function parseOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: '../shared/cases' },
      truth: { type: 'string', default: '../shared/cases/truth' },
      quiet: { type: 'boolean', default: false },
      ahead: { type: 'string', default: '0' },
      'ahead-evidence': { type: 'string', default: '' },
      generated: { type: 'string', default: '' },
      'generated-only': { type: 'boolean', default: false },
      only: { type: 'string', default: '' },
      'at-once': { type: 'string', default: '4' },
      'keep-evidence': { type: 'string' },
      evidence: { type: 'string' },
      'fit-on': { type: 'string' },
      'all-families': { type: 'boolean', default: false },
      ablate: { type: 'boolean', default: false },
      disturb: { type: 'boolean', default: false },
      misses: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      out: { type: 'string', default: 'out/eval.jsonl' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

export type EvalOptions = ReturnType<typeof parseOptions>;
