/** A cause that services share (a node, a zone, a surge of requests) explains what each of them shows. */
import type { SharedCause } from '../evidence/find.ts';
import type { Weighed } from '../weigh/weigh.ts';

/** From these log-odds on, a shared cause accounts for all that it may. */
const fullFrom = 2;

/** Takes off what shared causes explain, by the share `explained`. Reports and shared causes keep their weight. The order is kept. */
export function explainByShared(
  findings: readonly Weighed[],
  shared: readonly SharedCause[],
  explained: number,
): Weighed[] {
  if (shared.length === 0) return [...findings];
  const strongest = strongestCauses(findings, shared);
  const sharedKinds = new Set(shared.map(({ kind }) => kind));
  return findings.map((finding) => {
    const by = strongest.get(finding.service);
    const keeps = finding.traits.report === true || sharedKinds.has(finding.kind);
    if (by === undefined || finding.weight <= 0 || keeps) return finding;
    const weight = finding.weight * (1 - explained * Math.min(1, by.weight / fullFrom));
    return { ...finding, weight, explainedBy: [...finding.explainedBy, by.service] };
  });
}

/** For each service the strongest shared cause that may explain it. */
function strongestCauses(
  findings: readonly Weighed[],
  shared: readonly SharedCause[],
): Map<string, { service: string; weight: number }> {
  const strongest = new Map<string, { service: string; weight: number }>();
  for (const { service, kind, explains } of shared) {
    const weight = findings.reduce(
      (most, one) => (one.service === service && one.kind === kind ? Math.max(most, one.weight) : most),
      0,
    );
    for (const name of explains)
      if (weight > (strongest.get(name)?.weight ?? 0)) strongest.set(name, { service, weight });
  }
  return strongest;
}
