/** Samples for the fit: the features of a case's main page, and its truth. */
import { type Features, featuresOf } from '@faultline/correlation';
import { isGeneratedSystem } from '../case/evaluation-case.ts';
import { type KeptEvidence, mainInput, readEvidence } from '../case/evidence-file.ts';
import type { Truth } from '../case/truth.ts';

export interface Sample {
  readonly case: string;
  readonly system: string;
  readonly family: string;
  /** Names that count as the cause. Empty: "none of these" is right. */
  readonly services: readonly string[];
  readonly features: Features;
  /** Share of the loss. All weights sum to 1. */
  readonly weight: number;
}

/** Similar families are left out together: a code fault must not be learnt from another code fault. */
const kin: Readonly<Record<string, readonly string[]>> = {
  code: ['error', 'latency'],
  network: ['edge'],
};

/** Whether a case is left out. */
export function isLeftOut(family: string, without: string | null): boolean {
  return without !== null && (family === without || (kin[without]?.includes(family) ?? false));
}

/**
 * "Nothing is wrong" is learnt from generated cases only. Recorded systems had unlabelled faults, also in quiet
 * periods.
 */
function isCertain({ services }: Truth, system: string): boolean {
  return services.length > 0 || isGeneratedSystem(system);
}

/** Generated systems are many and similar, so together they weigh as much as two recorded ones. */
const generatedWeight = 2;

/** Samples of kept evidence. Every system weighs the same, and within it every family. */
export function readSamples(folders: readonly string[], truthOf: (kept: KeptEvidence) => Truth | null): Sample[] {
  const bare = folders.flatMap((folder) => [...readEvidence(folder)].flatMap((kept) => sampleOf(kept, truthOf(kept))));
  return weighSamples(bare);
}

function sampleOf(kept: KeptEvidence, truth: Truth | null): Omit<Sample, 'weight'>[] {
  const input = mainInput(kept);
  if (truth === null || input === null || !isCertain(truth, kept.system)) return [];
  const { family, services } = truth;
  return [{ case: kept.case, system: kept.system, family, services, features: featuresOf(input) }];
}

export function weighSamples(samples: readonly Omit<Sample, 'weight'>[]): Sample[] {
  const systemWeight = (system: string): number => (isGeneratedSystem(system) ? generatedWeight : 1);
  const systems = [...new Set(samples.map(({ system }) => system))];
  const total = systems.reduce((sum, system) => sum + systemWeight(system), 0);
  return samples.map((sample) => {
    const own = samples.filter(({ system }) => system === sample.system);
    const families = new Set(own.map(({ family }) => family)).size;
    const alike = own.filter(({ family }) => family === sample.family).length;
    return { ...sample, weight: systemWeight(sample.system) / total / families / alike };
  });
}
