/** What the fit learns from: the features of a case's page and what was at fault. */
import { type Features, featuresOf } from '@faultline/correlation';
import { generatedSystem } from '../case/evaluation-case.ts';
import { type KeptEvidence, mainInput, readEvidence } from '../case/evidence-file.ts';
import type { Truth } from '../case/truth.ts';

export interface Sample {
  readonly case: string;
  readonly system: string;
  readonly family: string;
  /** Names that count as the cause; none: the right answer is "none of these". */
  readonly services: readonly string[];
  readonly features: Features;
  /** Its part in the loss; all samples together weigh 1. */
  readonly weight: number;
}

/** Families that fail alike go together when one is left out: a code fault must not have been learnt from another code fault. */
const kin: Readonly<Record<string, readonly string[]>> = {
  code: ['error', 'latency'],
  network: ['edge'],
};

/** Whether a case belongs to what is left out. */
export function isLeftOut(family: string, without: string | null): boolean {
  return without !== null && (family === without || (kin[without]?.includes(family) ?? false));
}

/**
 * Recorded systems had faults nobody labelled, also on what were taken for quiet days: "nothing wrong" is learnt only where somebody knows.
 * That is the generated cases, where it is true by construction.
 */
function isCertain({ services }: Truth, system: string): boolean {
  return services.length > 0 || system === generatedSystem;
}

/** Made-up systems are many and alike: together they count as much as two recorded ones. */
const generatedWeight = 2;

/** Samples of the kept evidence, weighed so that every system counts the same and in it every family. */
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
  const systemWeight = (system: string): number => (system === generatedSystem ? generatedWeight : 1);
  const systems = [...new Set(samples.map(({ system }) => system))];
  const total = systems.reduce((sum, system) => sum + systemWeight(system), 0);
  return samples.map((sample) => {
    const own = samples.filter(({ system }) => system === sample.system);
    const families = new Set(own.map(({ family }) => family)).size;
    const alike = own.filter(({ family }) => family === sample.family).length;
    return { ...sample, weight: systemWeight(sample.system) / total / families / alike };
  });
}
