/** What the tests of evidence share: kinds are run on the small hand-made evidence of `fixture.ts`. */
import { compareAtOnset } from '../compare/compare.ts';
import type { Comparison } from '../compare/comparison.ts';
import { degradedServices } from '../compare/degraded.ts';
import type { Finding } from '../finding/finding.ts';
import type { EvidenceKind } from '../finding/kind.ts';
import { referenceToOperations } from '../finding/reference.ts';
import type { RankingInput } from '../input/ranking.ts';
import { knownOnset } from '../onset/find-onset.ts';
import type { Weighed } from '../weigh/weigh.ts';
import { incident, onsetMs, type Rows } from './fixture.ts';

type Kind = EvidenceKind<string, string>;

/** The comparison of these rows, with an alert on `web` and a known onset. */
export function compareRows(rows: Rows, more: Partial<RankingInput> = {}): Comparison {
  return compareAtOnset({ ...incident('web', rows), ...more }, knownOnset(onsetMs));
}

/** The findings of one kind, strongest first. */
export function findingsOf(kind: Pick<Kind, 'find'>, rows: Rows, more: Partial<RankingInput> = {}): Finding[] {
  return kind.find(compareRows(rows, more)).toSorted((a, b) => b.strength - a.strength);
}

/** Service and mechanism of each of them. */
export function suspectsOf(kind: Pick<Kind, 'find'>, rows: Rows, more: Partial<RankingInput> = {}): string[] {
  return findingsOf(kind, rows, more).map(({ service, faultType }) => `${service} ${faultType}`);
}

/** The strongest finding's strength; 0 without one. */
export function strengthOf(kind: Pick<Kind, 'find'>, rows: Rows, more: Partial<RankingInput> = {}): number {
  return findingsOf(kind, rows, more)[0]?.strength ?? 0;
}

/** A finding about `api` as scoring sees it. */
export function finding(fields: Partial<Weighed> = {}): Weighed {
  const service = fields.service ?? 'api';
  return {
    kind: 'alerts',
    traits: {},
    isAgainst: false,
    weightName: 'alert',
    service,
    instance: '',
    faultType: null,
    entity: `service:${service}`,
    edge: null,
    strength: 1,
    explainable: 0,
    summary: '',
    before: '',
    during: '',
    reference: referenceToOperations(service),
    weight: 4,
    explainedBy: [],
    ...fields,
  };
}

/** The result of the refuting test of a finding of this kind about `api`. */
export function refutationOf(
  kind: Pick<Kind, 'refute'>,
  rows: Rows,
  { lead = {}, more = {} }: { lead?: Partial<Finding>; more?: Partial<RankingInput> } = {},
): string {
  const comparison = compareRows(rows, more);
  const inputs = { ...comparison, degraded: new Set(degradedServices(comparison)) };
  const { outcome, how } = kind.refute(inputs, { ...finding(), ...lead });
  return `${outcome}: ${how}`;
}
