/**
 * Traits: what an incident was like, as typed facts. Two incidents are compared by these, never by texts that people wrote. A trait is its
 * class and its value, `kind latency`.
 */

/** How much each class says of two incidents that share it. Start values: no labelled repeats exist to fit them to. */
export const traitWeights = {
  cause: 0.2,
  kind: 0.15,
  mechanism: 0.1,
  path: 0.1,
  log: 0.2,
  change: 0.1,
  alert: 0.2,
} as const;
export type TraitClass = keyof typeof traitWeights;

/** In the order of `traitWeights`. */
export const traitClasses = Object.keys(traitWeights) as readonly TraitClass[];

const maxValuesOfClass = 30;
const maxValueChars = 200;

/** Traits of one class, each once. Empty values are left out. */
export function traitsOf(name: TraitClass, values: readonly string[]): readonly string[] {
  const known = new Set(values.filter((value) => value !== '').map((value) => value.slice(0, maxValueChars)));
  return [...known].slice(0, maxValuesOfClass).map((value) => `${name} ${value}`);
}

/** The class of a trait. Null for one that a later release wrote. */
export function traitClassOf(trait: string): TraitClass | null {
  const name = trait.slice(0, trait.indexOf(' '));
  return traitClasses.find((known) => known === name) ?? null;
}
