/** The command line of `npm run eval`. */
import { parseArgs } from 'node:util';

export const usage = `npm run eval [--] options
  runs cases through a real Faultline and prints how often the cause was right, beside a baseline of three rules
  --cases DIR --truth DIR   labelled cases and their labels
  --quiet                   runs each of them also with its alert ten minutes earlier, before the fault
  --clock-skew SECONDS      also sends metrics stamped up to this long after the end of the case
  --clock-skew-evidence S=DIR,..  kept evidence of runs with --clock-skew S; prints a table that compares them
  --generated 1-40,77       generated cases with these seeds; --generated-only: no labelled cases
  --labels clean,company,stack,canaries   one or several. company: generated cases get labels, rule names, severities, senders,
                            noise alerts, releases and late changes as companies have them. stack: the labels and
                            noise of kube-prometheus-stack's default rules. canaries: one bad canary of six that are
                            released within a minute, and metrics alone. A table compares them
  --workloads 1-100         faults of Kubernetes objects with these seeds, through the Kubernetes source and the core
  --only TEXT               only cases whose name contains TEXT
  --concurrency N           cases that run at the same time
  --keep-evidence DIR       keeps the input of the ranking in DIR
  --evidence DIR[,DIR]      ranks kept evidence again instead of running cases
  --fit-on DIR[,DIR]        for each family of faults, fits without it and ranks it with those numbers;
                            families of labelled cases, with --all-families also those that only generated cases have
  --ablate                  ranks again without each signal in turn
  --robustness              ranks again with fewer calls, shorter or later evidence, and other service names
  --misses                  prints a line for each wrong case
  --write-docs              writes docs/accuracy.md, with the results of --fit-on, --ablate and --robustness where they were asked for
  --out FILE                one JSON line for each case`;

/** Throws on an unknown option. */
export function parseOptions(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: 'cases' },
      truth: { type: 'string', default: 'cases/truth' },
      quiet: { type: 'boolean', default: false },
      'clock-skew': { type: 'string', default: '0' },
      'clock-skew-evidence': { type: 'string', default: '' },
      generated: { type: 'string', default: '' },
      'generated-only': { type: 'boolean', default: false },
      labels: { type: 'string', default: 'clean' },
      workloads: { type: 'string', default: '' },
      only: { type: 'string', default: '' },
      concurrency: { type: 'string', default: '4' },
      'keep-evidence': { type: 'string' },
      evidence: { type: 'string' },
      'fit-on': { type: 'string' },
      'all-families': { type: 'boolean', default: false },
      ablate: { type: 'boolean', default: false },
      robustness: { type: 'boolean', default: false },
      misses: { type: 'boolean', default: false },
      'write-docs': { type: 'boolean', default: false },
      out: { type: 'string', default: 'out/eval.jsonl' },
      help: { type: 'boolean', default: false },
    },
  });
  return values;
}

export type EvalOptions = ReturnType<typeof parseOptions>;
