/** The weights of all kinds of evidence, and where their values come from: a fit, or else the start value that the kind declares. */
import { counterEvidenceKinds, evidenceKinds, type FindingWeightName } from '../evidence/list.ts';
import { logOdds, share, type WeightSpec } from '../finding/weight.ts';

/** Days without a fault are quieter in generated cases than in production, and nobody labels those. So a fit may not lower doubt further. */
const atLeast = (min: number, spec: WeightSpec): WeightSpec => ({ ...spec, min });

/** Numbers that belong to no kind of evidence. */
const generalWeights = {
  nothing: atLeast(1, logOdds(2, 'the score of "none of these": below it a cause is no more likely than chance')),
  quietSymptom: atLeast(
    0.5,
    logOdds(1, 'what is added to "none of these" when the alerting services answer as before'),
  ),
  explained: share(0.9, 'how much of what callees explain is taken off a caller'),
  repeated: share(
    0.2,
    'what a second finding of the same kind adds, as a share of its weight: it is not independent of the first',
  ),
} as const satisfies Record<string, WeightSpec>;

export type GeneralWeightName = keyof typeof generalWeights;
export type WeightName = FindingWeightName | GeneralWeightName;

/** Every weight by its name. */
export const weightSpecs: Readonly<Record<WeightName, WeightSpec>> = Object.assign(
  {},
  ...[...evidenceKinds, ...counterEvidenceKinds].map(({ weights }) => weights),
  generalWeights,
);

/** The weights that count in every ranking, whatever was found. */
export const generalWeightNames = Object.keys(generalWeights) as GeneralWeightName[];

/** Turns the softmax of scores into a probability: sigma(offset + slope * logit) (Platt, 1999). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export interface Tuning {
  /** Names the data that it was fitted on. */
  readonly version: string;
  /** The family of faults left out of the fit, to judge on it; null in the released one. */
  readonly withoutFamily: string | null;
  /** Fitted values. A weight that is missing has its start value. */
  readonly numbers: Readonly<Partial<Record<WeightName, number>>>;
  readonly calibration: Calibration;
}

/** The value in force. */
export function weightOf({ numbers }: Pick<Tuning, 'numbers'>, name: WeightName): number {
  return numbers[name] ?? weightSpecs[name].start;
}

/** The tuning before any data was seen. */
export function untuned(): Tuning {
  return { version: 'untuned', withoutFamily: null, numbers: {}, calibration: { slope: 1, offset: 0 } };
}
