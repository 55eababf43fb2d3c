/**
 * What speaks against a suspect: evidence that would be otherwise if it were the cause. Only of services that something speaks for; found with
 * the same rules as evidence for, with a negative strength.
 */
import type { Context } from '../context.ts';
import { disturbedServices } from '../explain/disturbed.ts';
import { type Finding, isSupport } from '../finding.ts';
import { asEver } from './as-ever.ts';
import { callersWell } from './callers-well.ts';
import { late } from './late.ts';
import { offPath } from './off-path.ts';
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
