/** The command line of `npm run eval`. */
import { type CommandLine, type CommandOptions, readCommandLine } from '@faultline/runtime';
import manifest from '../../package.json' with { type: 'json' };

const text = (value: string, help: string) => ({ type: 'string', value, help }) as const;
const flag = (help: string) => ({ type: 'boolean', help }) as const;

export const evalCommand = {
  name: 'npm run eval',
  summary:
    'Runs cases through a real Faultline, and prints how often the cause was right, beside a baseline of three rules.',
  options: {
    cases: text('DIR', 'Labelled cases.'),
    truth: text('DIR', 'The labels of the cases.'),
    quiet: flag('Run each of them also with its alert ten minutes earlier, before the fault.'),
    'clock-skew': text('SECONDS', 'Also send metrics stamped up to this long after the end of the case.'),
    'clock-skew-evidence': text('S=DIR,..', 'Kept evidence of runs with --clock-skew S; print a table of them.'),
    generated: text('1-40,77', 'Generated cases with these seeds.'),
    'generated-only': flag('No labelled cases.'),
    labels: text(
      'NAMES',
      'Labels and noise of generated cases: clean, company, stack (kube-prometheus-stack), canaries (metrics alone), or several.',
    ),
    workloads: text(
      '1-100',
      'Faults of Kubernetes objects with these seeds, through the Kubernetes source and the core.',
    ),
    storms: text('7001-7050', 'Storms of 100 and more alerts with these seeds, through the core.'),
    only: text('TEXT', 'Only cases whose name contains TEXT.'),
    concurrency: text('N', 'Cases that run at the same time.'),
    'keep-evidence': text('DIR', 'Keep the input of the ranking in DIR.'),
    evidence: text('DIR[,DIR]', 'Rank kept evidence again instead of running cases.'),
    'fit-on': text('DIR[,DIR]', 'For each family of faults, fit without it and rank it with those numbers.'),
    'all-families': flag('--fit-on: also families that only generated cases have.'),
    ablate: flag('Rank again without each signal in turn.'),
    robustness: flag('Rank again with fewer calls, shorter or later evidence, and other service names.'),
    misses: flag('Print a line for each wrong case.'),
    'write-docs': flag('Write docs/accuracy.md, with the results of --fit-on, --ablate and --robustness if asked for.'),
    out: text('FILE', 'One JSON line for each case.'),
  },
  version: manifest.version,
} as const satisfies CommandLine<CommandOptions>;

const defaults = {
  cases: 'cases',
  truth: 'cases/truth',
  quiet: false,
  'clock-skew': '0',
  'clock-skew-evidence': '',
  generated: '',
  'generated-only': false,
  labels: 'clean',
  workloads: '',
  storms: '',
  only: '',
  concurrency: '4',
  'all-families': false,
  ablate: false,
  robustness: false,
  misses: false,
  'write-docs': false,
  out: 'out/eval.jsonl',
};

/** Ends the process after help, version, or an unknown option. */
export function parseOptions(args: readonly string[]) {
  return { ...defaults, ...readCommandLine(evalCommand, args).values };
}

export type EvalOptions = ReturnType<typeof parseOptions>;
