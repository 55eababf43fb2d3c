/** What the tests of evidence against a cause share. */
import type { Comparison } from '../compare/comparison.ts';
import { degradedServices } from '../compare/degraded.ts';
import { refuteFinding } from '../evidence/find.ts';
import { resources } from '../evidence/resources.ts';
import type { Finding } from '../finding/finding.ts';
import type { Suspect } from '../finding/kind.ts';
import { compareRows, finding } from './evidence.ts';
import type { Rows } from './fixture.ts';

/** A finding of a busy processor of `api`, the usual suspicion. */
export const busy: Finding = finding({ kind: 'resources', traits: resources.traits, weightName: 'cpu', strength: 0.8 });

/** `api` under suspicion for what these findings say. */
export function suspectOf(rows: Rows, support: readonly Finding[] = [busy], fields: Partial<Comparison> = {}): Suspect {
  const comparison = { ...compareRows(rows), ...fields };
  const inputs = { ...comparison, degraded: new Set(degradedServices(comparison)) };
  const service = support[0]?.service ?? 'api';
  const isPartial = support.some(({ traits }) => traits.affectsPart === true);
  return { ...inputs, service, support, isPartial, refute: (lead) => refuteFinding(inputs, lead) };
}
