/**
 * What speaks against a suspect: evidence that would be otherwise if it were the cause. Only of services that something speaks for; found with
 * the same rules as evidence for, with a negative strength.
 */
import type { Context } from '../../compare/comparison.ts';
import { disturbedServices } from '../../compare/degraded.ts';
import { type Finding, isSupport } from '../../finding/finding.ts';
import { callersWell } from './callers-unaffected.ts';
import { asEver } from './no-user-visible-change.ts';
import { offPath } from './not-upstream.ts';
import { late } from './onset-after-incident.ts';
import { refutedTest } from './refuted-test.ts';
import type { CounterEvidence } from './suspect.ts';

const counterKinds: readonly CounterEvidence[] = [refutedTest, callersWell, asEver, late, offPath];

/** In the order of the services' first findings. Before evidence is in there is nothing to ask. */
export function counterFindings(context: Context, findings: readonly Finding[]): Finding[] {
  if (context.input.answer === null) return [];
  const disturbed = new Set(disturbedServices(context));
  return [...Map.groupBy(findings.filter(isSupport), ({ service }) => service)].flatMap(([service, own]) => {
    const support = own.toSorted((a, b) => b.strength - a.strength || (a.summary < b.summary ? -1 : 1));
    return counterKinds.flatMap((kind) => kind({ context, service, support, disturbed }));
  });
}
