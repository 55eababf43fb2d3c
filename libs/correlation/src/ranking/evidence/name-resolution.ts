/**
 * Names do not resolve for several services at once. Each of them fails on its own side, but what they share is the name server. It has no
 * spans, so an alert about it or its metrics tell which one it is.
 */
import type { Comparison } from '../compare/comparison.ts';
import type { Detection } from '../finding/finding.ts';
import { listed } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToEdges } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { isNameServer } from '../vocabulary/name-server.ts';

/** One service alone may have a wrong name in its settings. */
const fewServices = 2;

interface Facts {
  readonly failing: readonly string[];
}
type Found = Detection<'nameResolution', Facts>;

export const nameResolution = evidenceKind({
  name: 'name-resolution',
  signal: 'spans',
  weights: { nameResolution: logOdds(6, 'names do not resolve for several services at once, and it resolves them') },
  traits: { failsCallers: true, visibleToCallers: true, affectsPart: true },
  detect({ callerFaults, services, alerting }: Pick<Comparison, 'callerFaults' | 'services' | 'alerting'>): Found[] {
    const failing = withoutNames(callerFaults);
    const servers = services.filter(isNameServer);
    const service = servers.find((name) => alerting.has(name)) ?? servers[0];
    if (service === undefined || failing.length < fewServices) return [];
    const strength = failing.length / (failing.length + 1);
    return [{ weightName: 'nameResolution', service, faultType: 'dns', strength, facts: { failing } }];
  },
  describe: ({ service, facts: { failing } }) => ({
    summary: `names do not resolve for ${listed(failing)} at once, and ${service} resolves them`,
    before: 'resolved',
    during: `${failing.length} services fail`,
  }),
  reference: ({ facts: { failing } }) => referenceToEdges({ caller: failing[0] ?? '', callee: '' }),
  refute: othersResolve,
  explains: ({ callerFaults }) => withoutNames(callerFaults),
});

/** The services whose calls fail because a name does not resolve, sorted. */
function withoutNames(callerFaults: Comparison['callerFaults']): string[] {
  const callers = [...callerFaults].flatMap(([{ caller }, mechanism]) => (mechanism === 'dns' ? [caller] : []));
  return [...new Set(callers)].sort();
}

/** A name server that is down fails most of those that call others. */
function othersResolve({ callerFaults, edges }: Pick<RefutationInputs, 'callerFaults' | 'edges'>): Refutation {
  const test = 'Do names resolve for most other services?';
  const callers = new Set(edges.filter(({ during }) => during.calls > 0).map(({ caller }) => caller));
  if (callers.size === 0) return notRun(test, 'no calls were seen since the onset');
  const failing = withoutNames(callerFaults).length;
  const how = `${failing} of ${callers.size} services that call others fail`;
  return failing * 4 >= callers.size ? survived(test, how) : refuted(test, how);
}
