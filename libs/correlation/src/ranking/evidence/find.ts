/** Runs every kind of evidence. */
import type { Comparison } from '../compare/comparison.ts';
import { compareFindings, type Finding } from '../finding/finding.ts';
import type { EvidenceKind, RefutationInputs } from '../finding/kind.ts';
import type { Refutation } from '../finding/refutation.ts';
import { counterEvidenceKinds, type EvidenceName, evidenceKinds, type FindingWeightName } from './list.ts';

/** A finding of one of the listed kinds. */
export type ListedFinding = Finding<EvidenceName, FindingWeightName>;

export interface Findings {
  /** For and against, without triggers. */
  readonly findings: readonly ListedFinding[];
  /** Possible triggers: they count only as far as their service shifted otherwise. */
  readonly triggers: readonly ListedFinding[];
  readonly shared: readonly SharedCause[];
}

export function findEvidence(comparison: Comparison): Findings {
  const found = evidenceKinds.flatMap((kind): ListedFinding[] => kind.find(comparison));
  const support = found.filter(({ traits }) => traits.trigger !== true);
  const triggers = found.filter(({ traits }) => traits.trigger === true);
  const findings = [...support, ...findCounterEvidence(comparison, support)];
  return { findings, triggers, shared: sharedCauses(comparison, findings) };
}

/** What speaks against each service that something speaks for, in the order of their first findings. Nothing before evidence is in. */
export function findCounterEvidence(comparison: Comparison, support: readonly Finding[]): ListedFinding[] {
  if (comparison.input.answer === null) return [];
  const refute = (lead: Finding): Refutation => refuteFinding(comparison, lead);
  return [...Map.groupBy(support, ({ service }) => service)].flatMap(([service, own]) => {
    const ordered = own.toSorted((a, b) => b.strength - a.strength || compareFindings(a, b));
    const isPartial = own.some(({ traits }) => traits.affectsPart === true);
    const suspect = { ...comparison, service, support: ordered, isPartial, refute };
    return counterEvidenceKinds.flatMap((kind): ListedFinding[] => kind.find(suspect));
  });
}

const kindsByName: ReadonlyMap<string, Pick<EvidenceKind<string, string>, 'refute' | 'explains'>> = new Map(
  evidenceKinds.map((kind) => [kind.name, kind]),
);

/** The refuting test of one finding, by its kind. */
export function refuteFinding(inputs: RefutationInputs, lead: Finding): Refutation {
  const kind = kindsByName.get(lead.kind);
  if (kind === undefined) throw new Error(`no refuting test of ${lead.kind}`);
  return kind.refute(inputs, lead);
}

/** A finding that may account for those of other services. */
export interface SharedCause {
  /** The service and kind of the finding. */
  readonly service: string;
  readonly kind: string;
  readonly explains: readonly string[];
}

/** The findings about something that services share, with those services. */
export function sharedCauses(comparison: Comparison, findings: readonly Finding[]): SharedCause[] {
  return findings.flatMap(({ service, kind }) => {
    const explains = kindsByName.get(kind)?.explains?.(comparison, service);
    return explains === undefined ? [] : [{ service, kind, explains }];
  });
}
