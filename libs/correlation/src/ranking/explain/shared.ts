/** What several services share explains what each of them shows: a node, a zone, a surge of requests from outside. */
import type { Context } from '../compare/comparison.ts';
import { callRates, type RatePair } from '../compare/rates.ts';
import type { Finding, Weighed } from '../finding/finding.ts';
import { reachableFrom } from '../rows/service-graph.ts';

/** A finding that may explain those of other services. */
export interface SharedCause {
  /** The finding's service and kind of evidence. */
  readonly service: string;
  readonly kind: string;
  readonly explains: readonly string[];
}

/** Those of the findings that are about something shared, with the services that share it. */
export function sharedCauses(context: Context, findings: readonly Finding[]): SharedCause[] {
  return findings.flatMap(({ service, kind }): SharedCause[] => {
    if (kind === 'shared-place') return [{ service, kind, explains: servicesAt(context, service) }];
    if (kind === 'traffic') return [{ service, kind, explains: askedMore(context, service) }];
    return [];
  });
}

function servicesAt(context: Context, place: string): string[] {
  const { placed } = context;
  const ill = placed.filter(({ node, zone, harm }) => harm > 0 && (node === place || zone === place));
  const known = new Set(placed.map(({ service }) => service));
  // A peer that nobody knows the place of may run there too.
  const unplaced = context.services.filter((service) => !context.traced.has(service) && !known.has(service));
  return [...new Set([...ill.map(({ service }) => service), ...unplaced])].sort();
}

/**
 * Services that are asked more often than before by at least half of what the entry is. Of a surge that most systems are not built for, all
 * that it can reach: what breaks first under it keeps the requests from the rest.
 */
function askedMore(context: Context, entry: string): string[] {
  const rates = callRates(context);
  const surge = rates.get(entry);
  if (surge === undefined) return [];
  const growth = growthOf(surge);
  const reached = growth >= breaking - 1 ? reachableFrom(context.callees, entry) : new Set<string>();
  return [...rates].flatMap(([service, rate]) =>
    service !== entry && (reached.has(service) || growthOf(rate) >= growth / 2) ? [service] : [],
  );
}

/** Three times the usual. */
const breaking = 3;

function growthOf({ before, during }: RatePair): number {
  return during.perSecond / Math.max(before.perSecond, 1e-9) - 1;
}

/** Findings with the share `explained` of what the services share taken off. Alerts keep theirs, as do shared causes. Order is kept. */
export function explainShared(
  findings: readonly Weighed[],
  shared: readonly SharedCause[],
  explained: number,
): Weighed[] {
  if (shared.length === 0) return [...findings];
  const best = new Map<string, { service: string; weight: number }>();
  for (const { service, kind, explains } of shared) {
    const weight = findings.reduce(
      (most, one) => (one.service === service && one.kind === kind ? Math.max(most, one.weight) : most),
      0,
    );
    for (const name of explains) if (weight > (best.get(name)?.weight ?? 0)) best.set(name, { service, weight });
  }
  return findings.map((finding) => {
    const by = best.get(finding.service);
    if (by === undefined || finding.weight <= 0 || keeps.has(finding.kind)) return finding;
    return {
      ...finding,
      weight: finding.weight * (1 - explained * Math.min(1, by.weight / fullFrom)),
      summary: `${finding.summary} (partly explained by ${by.service})`,
    };
  });
}

/** From these log-odds on, what is shared accounts for all that it may. */
const fullFrom = 2;

const keeps = new Set(['alerts', 'shared-place', 'traffic']);
