/** A kind of evidence: one record per kind, declared in one file of `evidence/`. */
import type { Comparison } from '../compare/comparison.ts';
import type { Detection, Finding } from './finding.ts';
import type { EvidenceReference } from './reference.ts';
import type { Refutation } from './refutation.ts';
import type { Traits } from './traits.ts';
import type { WeightSpec } from './weight.ts';

export type Signal = 'spans' | 'logs' | 'metrics' | 'presence' | 'alerts' | 'changes' | 'objects' | 'any';

/** What a refuting test reads. */
export type RefutationInputs = Comparison;

/** The texts of a finding. */
export interface Description {
  /** One line for people, with the numbers. */
  readonly summary: string;
  readonly before: string;
  readonly during: string;
}

interface Declared<Name extends string, Weight extends string, Facts> {
  /** As the API shows it, `Evidence.kind`. */
  readonly name: Name;
  /** What it reads. */
  readonly signal: Signal;
  readonly weights: Readonly<Record<Weight, WeightSpec>>;
  readonly traits: Traits;
  /** Words the facts. */
  readonly describe: (found: Detection<Weight, Facts>) => Description;
  /** The rows that show it. Null: no table holds them. */
  readonly reference: (found: Detection<Weight, Facts>) => EvidenceReference | null;
}

interface DeclaredEvidence<Name extends string, Weight extends string, Facts> extends Declared<Name, Weight, Facts> {
  /** A pure function. It returns nothing where its signal is missing. */
  readonly detect: (comparison: Comparison) => readonly Detection<Weight, Facts>[];
  /** Looks for what would disprove the finding; see `refutation.ts`. */
  readonly refute: (inputs: RefutationInputs, lead: Finding<Name, Weight>) => Refutation;
  /** Services whose findings this one may account for, because they share its cause; left out: none. */
  readonly explains?: (comparison: Comparison, service: string) => string[];
}

/** Evidence for a cause. Methods, so that a list may hold kinds of different names. */
export interface EvidenceKind<Name extends string, Weight extends string> {
  readonly name: Name;
  readonly signal: Signal;
  readonly weights: Readonly<Record<Weight, WeightSpec>>;
  readonly traits: Traits;
  find(comparison: Comparison): Finding<Name, Weight>[];
  refute(inputs: RefutationInputs, lead: Finding): Refutation;
  explains?(comparison: Comparison, service: string): string[];
}

export function evidenceKind<const Name extends string, const Weight extends string, Facts>(
  declared: DeclaredEvidence<Name, Weight, Facts>,
): EvidenceKind<Name, Weight> {
  const { name, signal, weights, traits, detect, explains } = declared;
  return {
    name,
    signal,
    weights,
    traits,
    find: (comparison) => detect(comparison).map((found) => findingOf(declared, found, false)),
    refute: (inputs, lead) => declared.refute(inputs, lead as Finding<Name, Weight>),
    ...(explains === undefined ? {} : { explains }),
  };
}

/** A service under suspicion: what evidence against a cause reads. */
export interface Suspect extends RefutationInputs {
  readonly service: string;
  /** What speaks for it, the strongest first. */
  readonly support: readonly Finding[];
  /** Whether something may hit only part of its calls, or keeps it from reporting. Then healthy averages say nothing. */
  readonly isPartial: boolean;
  /** Runs the refuting test of one of them. */
  readonly refute: (lead: Finding) => Refutation;
}

interface DeclaredCounterEvidence<Name extends string, Weight extends string, Facts>
  extends Declared<Name, Weight, Facts> {
  /** Returns null where it cannot tell. Strengths are negative. */
  readonly detect: (suspect: Suspect) => Detection<Weight, Facts> | null;
}

/** Evidence against a cause. */
export interface CounterEvidenceKind<Name extends string, Weight extends string> {
  readonly name: Name;
  readonly signal: Signal;
  readonly weights: Readonly<Record<Weight, WeightSpec>>;
  readonly traits: Traits;
  find(suspect: Suspect): Finding<Name, Weight>[];
}

export function counterEvidenceKind<const Name extends string, const Weight extends string, Facts>(
  declared: DeclaredCounterEvidence<Name, Weight, Facts>,
): CounterEvidenceKind<Name, Weight> {
  const { name, signal, weights, traits, detect } = declared;
  const find = (suspect: Suspect): Finding<Name, Weight>[] => {
    const found = detect(suspect);
    return found === null ? [] : [findingOf(declared, found, true)];
  };
  return { name, signal, weights, traits, find };
}

function findingOf<Name extends string, Weight extends string, Facts>(
  declared: Declared<Name, Weight, Facts>,
  found: Detection<Weight, Facts>,
  isAgainst: boolean,
): Finding<Name, Weight> {
  const { weightName, service, instance = '', faultType, strength, explainable = 0 } = found;
  const edge = found.edge === undefined ? null : { caller: found.edge.caller, callee: found.edge.callee };
  const entity = found.entity ?? (edge === null ? `service:${service}` : `edge:${edge.caller} -> ${edge.callee}`);
  return {
    kind: declared.name,
    traits: declared.traits,
    isAgainst,
    weightName,
    service,
    instance,
    faultType,
    entity,
    edge,
    strength,
    explainable,
    ...declared.describe(found),
    reference: declared.reference(found),
  };
}
