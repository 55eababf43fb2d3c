/** A dependency that sends no telemetry, seen from its callers: their client spans to it are slow or fail. */
import type { EdgeComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import { lastingFactor, lastingShare } from '../compare/lasting.ts';
import { failureZ } from '../compare/worse.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatPercent, formatUs } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToEdges } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import { type CallEdge, edgeKey } from '../rows/call-edge.ts';
import { countsBySlice, shareDispersion } from '../statistics/dispersion.ts';
import { certainty } from '../statistics/proportions.ts';
import { isExternal } from '../vocabulary/host-name.ts';
import { fanIn } from './shared/fan-in.ts';
import { timeElsewhere } from './shared/time-elsewhere.ts';
import { type TimeFacts, timeStrength } from './shared/time-strength.ts';

type Facts =
  | ({ readonly effect: 'slow' } & TimeFacts & { readonly edge: CallEdge })
  | { readonly effect: 'failing'; readonly edge: CallEdge; readonly before: number; readonly during: number };
type Found = Detection<'uninstrumentedSlow' | 'uninstrumentedErrors', Facts>;

export const uninstrumentedDependency = evidenceKind({
  name: 'uninstrumented-dependency',
  signal: 'spans',
  weights: {
    uninstrumentedSlow: logOdds(
      4.5,
      'a dependency that only its callers see is slow: the callers could be at fault as well',
    ),
    uninstrumentedErrors: logOdds(4.5, 'a dependency that only its callers see fails'),
  },
  traits: { failsCallers: true, visibleToCallers: true },
  detect: (
    inputs: Pick<Comparison, 'attribution' | 'callerFaults' | 'edges' | 'traced' | 'windows' | 'atAlert'>,
  ): Found[] => [...slow(inputs), ...failing(inputs)],
  describe: ({ service, facts }) =>
    facts.effect === 'slow'
      ? {
          summary: `${service} (no telemetry of its own) is slower, as ${facts.edge.caller} sees it: ${formatUs(facts.beforeUs)} -> ${formatUs(facts.duringUs)} a call, ${formatPercent(facts.share)} of all added time`,
          before: formatUs(facts.beforeUs),
          during: formatUs(facts.duringUs),
        }
      : {
          summary: `calls from ${facts.edge.caller} to ${facts.edge.callee} (no telemetry of its own) fail: ${formatPercent(facts.before)} -> ${formatPercent(facts.during)}`,
          before: formatPercent(facts.before),
          during: formatPercent(facts.during),
        },
  reference: ({ facts }) => referenceToEdges(facts.edge),
  // A sole caller that calls nothing else cannot be compared. For added time, its other shares can.
  refute: (inputs, lead) =>
    fanIn(inputs, lead, { without: lead.weightName === 'uninstrumentedSlow' ? timeElsewhere : undefined }),
});

/** What a dependency keeps of its blame when the caller is at fault: it may still be that both are. */
const leftWhenCallerFails = 0.15;

function slow({ attribution, callerFaults }: Pick<Comparison, 'attribution' | 'callerFaults'>): Found[] {
  const { uninstrumented, totalUs } = attribution;
  const excused = new Set([...callerFaults.keys()].map(edgeKey));
  return [...uninstrumented.values()].flatMap((added): Found[] => {
    const { service, edge, beforeUs, duringUs } = added;
    if (edge === null) return [];
    const strength = timeStrength(added, totalUs) * (excused.has(edgeKey(edge)) ? leftWhenCallerFails : 1);
    if (strength < minStrength) return [];
    const facts = { effect: 'slow', edge, beforeUs, duringUs, share: added.addedUs / totalUs } as const;
    const faultType = isExternal(service) ? 'dependency' : 'latency';
    return [{ weightName: 'uninstrumentedSlow', service, faultType, edge, strength, facts }];
  });
}

type Inputs = Pick<Comparison, 'edges' | 'traced' | 'windows' | 'atAlert' | 'callerFaults'>;

function failing(inputs: Inputs): Found[] {
  const seen = inputs.edges.filter(({ callee }) => !inputs.traced.has(callee));
  return seen.flatMap((edge) => failingEdge(edge, seen.length, inputs));
}

/** A dependency of one's own that answers next to nothing is down. One that answers some is unhealthy in a way that nobody here can see. */
const downFrom = 0.9;

function failingEdge(edge: EdgeComparison, tests: number, { windows, atAlert, callerFaults }: Inputs): Found[] {
  const { callee, before, during, rows } = edge;
  const slices = countsBySlice(rows, windows.length, ({ errors }) => errors);
  const dispersion = shareDispersion(slices.hits, slices.of, windows);
  const share = during.errors / Math.max(1, during.calls);
  const risen = share - before.errors / Math.max(1, before.calls);
  const lasting = lastingFactor(lastingShare({ ...slices, windows, atAlert }, share - risen));
  const left = callerFaults.has(edge) ? leftWhenCallerFails : 1;
  const sure = certainty(failureZ(edge) / Math.sqrt(dispersion), tests) * left * lasting;
  const strength = risen <= 0 ? 0 : sure * Math.sqrt(Math.min(1, 2 * risen));
  if (strength < minStrength) return [];
  const facts = { effect: 'failing', edge, before: share - risen, during: share } as const;
  const faultType = share >= downFrom && !isExternal(callee) ? 'down' : 'dependency';
  return [{ weightName: 'uninstrumentedErrors', service: callee, faultType, edge, strength, facts }];
}
