/** Fits the weights of the ranking to labelled and generated cases: a conditional logit over its findings, pulled towards the start values. */
import { createHash } from 'node:crypto';
import {
  type Calibration,
  type Features,
  generalWeightNames,
  type Tuning,
  untuned,
  type WeightName,
  weightOf,
  weightSpecs,
} from '@faultline/correlation';
import { isGeneratedSystem } from '../case/evaluation-case.ts';
import { calibrate, type Prediction } from './calibrate.ts';
import { descend } from './descend.ts';
import { firstOf, lossOf } from './loss.ts';
import { isLeftOut, type Sample, weighSamples } from './sample.ts';

const names = Object.keys(weightSpecs) as WeightName[];
const bounds = names.map((name) => weightSpecs[name]);
/** Cost of a weight that is off its start value by its whole range: as much as being wrong by one nat in one case of three. */
const pull = 0.3;
/** Step of the difference quotient, as a share of the range. */
const difference = 0.01;
const maxSteps = 60;
/** Held-out fits start from the full fit, so they need fewer steps. */
const refitSteps = 15;

export interface FitOptions {
  /** The family left out. Null: none. */
  readonly without: string | null;
  /** A known calibration. Null: fit it on held-out cases, which takes five more fits. */
  readonly calibration: Calibration | null;
  readonly print: (line: string) => void;
}

/** Deterministic: the same samples give the same tuning. */
export function fitTuning(all: readonly Sample[], { without, calibration, print }: FitOptions): Tuning {
  const samples = weighSamples(all.filter(({ family }) => !isLeftOut(family, without)));
  const start = untuned();
  const numbers = fitNumbers(samples, start, maxSteps);
  const fitted = { ...start, version: versionOf(samples, without), withoutFamily: without, numbers };
  print(
    `loss ${meanLoss(samples, start).toFixed(4)} -> ${meanLoss(samples, fitted).toFixed(4)} on ${samples.length} cases`,
  );
  return { ...fitted, calibration: calibration ?? calibrate(predictOutside(samples, fitted)) };
}

function fitNumbers(samples: readonly Sample[], start: Tuning, steps: number): Tuning['numbers'] {
  const tuning = (values: readonly number[]): Tuning => ({ ...start, numbers: named(values) });
  const touching = samples.map(({ features }) => indexesOf(features));
  const values = descend({
    bounds,
    pull,
    maxSteps: steps,
    from: names.map((name) => weightOf(start, name)),
    loss: (at) => meanLoss(samples, tuning(at)),
    gradient: (at) => gradientOf(samples, touching, { at, tuning }),
  });
  return named(values.map((value) => Math.round(value * 1000) / 1000));
}

function named(values: readonly number[]): Tuning['numbers'] {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? 0])) as Tuning['numbers'];
}

function meanLoss(samples: readonly Sample[], tuning: Tuning): number {
  return samples.reduce((sum, sample) => sum + sample.weight * lossOf(sample, tuning), 0);
}

/** Weights that can affect a case: those of its findings, and those that count in every ranking. */
function indexesOf({ findings, triggers }: Features): number[] {
  const found = [...findings, ...triggers].map(({ weightName }) => weightName);
  const used = new Set<WeightName>([...found, ...generalWeightNames]);
  return names.flatMap((name, i) => (used.has(name) ? [i] : []));
}

/** Scores a case again only for the weights that can affect it. */
function gradientOf(
  samples: readonly Sample[],
  touching: readonly (readonly number[])[],
  { at, tuning }: { at: readonly number[]; tuning: (values: readonly number[]) => Tuning },
): number[] {
  const sides = names.map((_, i) => {
    const { min, max } = bounds[i] as (typeof bounds)[number];
    const reach = difference * (max - min);
    const [low, high] = [Math.max(min, (at[i] ?? 0) - reach), Math.min(max, (at[i] ?? 0) + reach)];
    const moved = (value: number): Tuning => tuning(at.map((old, j) => (j === i ? value : old)));
    return { low: moved(low), high: moved(high), width: high - low };
  });
  const slope = names.map(() => 0);
  samples.forEach((sample, s) => {
    for (const i of touching[s] ?? []) {
      const side = sides[i];
      if (side === undefined) continue;
      slope[i] =
        (slope[i] ?? 0) + (sample.weight * (lossOf(sample, side.high) - lossOf(sample, side.low))) / side.width;
    }
  });
  return slope;
}

const folds = 5;

/** Predictions for each sample by numbers fitted on other families. Only these can calibrate honestly. */
function predictOutside(samples: readonly Sample[], fitted: Tuning): Prediction[] {
  const groups = [...new Set(samples.map(({ family }) => family))].sort();
  return Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
    const isHeld = ({ family }: Sample): boolean => groups.indexOf(family) % folds === fold;
    const held = samples.filter(isHeld);
    const rest = weighSamples(samples.filter((sample) => !isHeld(sample)));
    const numbers = rest.length === 0 ? fitted.numbers : fitNumbers(rest, fitted, refitSteps);
    return held.flatMap((sample) => {
      const first = firstOf(sample, { ...fitted, numbers });
      return first === null ? [] : [{ ...first, weight: sample.weight }];
    });
  });
}

/** Names the data: the numbers of recorded and generated cases, and a hash of their names. */
function versionOf(samples: readonly Sample[], without: string | null): string {
  const made = samples.filter(({ system }) => isGeneratedSystem(system)).length;
  const names = samples.map((sample) => sample.case).sort();
  const hash = createHash('sha256').update(names.join('\n')).digest('hex').slice(0, 8);
  return `${samples.length - made} recorded and ${made} generated cases${without === null ? '' : `, without ${without}`} (${hash})`;
}
