/** What one kind of evidence says about one service (ADR 0007, 0017). */
import type { CauseKind } from '@faultline/model';
import { type CallEdge, keyOf } from '../rows/call-edge.ts';
import type { EvidenceReference } from './reference.ts';
import type { Traits } from './traits.ts';

/** What a detector returns: facts, without any text. */
export interface Detection<Weight extends string, Facts = unknown> {
  /** The weight that applies to it. */
  readonly weightName: Weight;
  /** The suspected service; for shared causes the node or zone. */
  readonly service: string;
  /** The instance that it points at; left out: none. */
  readonly instance?: string;
  /** The mechanism that it suggests; null: none. */
  readonly faultType: CauseKind | null;
  /** `service:name`, `pod:name`, `change:id`, ...; left out: that of the edge or else of the service. */
  readonly entity?: string;
  /** The call edge that it is about; left out: none. */
  readonly edge?: CallEdge;
  /** How large the effect is times how sure it is: 0 to about 1, negative against the cause. No weight is in it. */
  readonly strength: number;
  /** The part that services below may explain, 0 to 1; left out: 0, it can only be the service's own. */
  readonly explainable?: number;
  readonly facts: Facts;
}

export interface Finding<Kind extends string = string, Weight extends string = string> {
  readonly kind: Kind;
  readonly traits: Traits;
  /** Whether it speaks against its service. */
  readonly isAgainst: boolean;
  readonly weightName: Weight;
  readonly service: string;
  readonly instance: string;
  readonly faultType: CauseKind | null;
  readonly entity: string;
  readonly edge: CallEdge | null;
  readonly strength: number;
  readonly explainable: number;
  /** One line for people, with the numbers. */
  readonly summary: string;
  readonly before: string;
  readonly during: string;
  /** The rows that show it. Null: no table holds them. */
  readonly reference: EvidenceReference | null;
}

/** The order of findings that are equally strong: by kind, then by entity. */
export function compareFindings(a: Finding, b: Finding): number {
  return keyOf(a.kind, a.entity) < keyOf(b.kind, b.entity) ? -1 : 1;
}

/** Weaker findings are not worth a line. */
export const minStrength = 0.01;
