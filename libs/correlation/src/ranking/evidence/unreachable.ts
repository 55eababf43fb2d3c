/**
 * Calls that fail with no server behind them: the client span is there, and the callee's own span is not. The callee, or the path to it, is
 * down. Its callers log errors and lose calls because of that. Several callers that show the same are one cause (fan-in).
 */
import type { OperationComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { PatternComparison } from '../compare/patterns.ts';
import { growthOf, sentRates } from '../compare/rates.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToChildren } from '../finding/reference.ts';
import type { Refutation } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { type CallEdge, edgeKey, keyOf } from '../rows/call-edge.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/proportions.ts';
import { fanIn } from './shared/fan-in.ts';
import { judgeGrowth } from './shared/load.ts';

interface Facts {
  readonly pattern: PatternComparison;
  readonly edge: CallEdge;
  /** Shares of the calls that a server answered. */
  readonly before: number;
  readonly during: number;
  readonly callers: number;
}
type Found = Detection<'unreachable' | 'backlog', Facts>;
type Inputs = Pick<Comparison, 'operations' | 'patterns' | 'callers' | 'callerFaults'>;

export const unreachable = evidenceKind({
  name: 'unreachable',
  signal: 'spans',
  weights: {
    unreachable: logOdds(4.5, 'calls to it fail without reaching a server'),
    backlog: logOdds(4, 'messages to it are no longer consumed'),
  },
  traits: { failsCallers: true, visibleToCallers: true },
  detect(inputs: Inputs): Found[] {
    const clients = new Map(
      inputs.operations
        .filter(({ kind }) => kind === 'client' || kind === 'producer')
        .map((one) => [keyOf(one.service, one.operation), one] as const),
    );
    const excused = new Set([...inputs.callerFaults.keys()].map(edgeKey));
    const answered = inputs.patterns.filter(
      ({ what, service, target }) =>
        what === 'call' && target !== '' && target !== service && !excused.has(keyOf(service, target)),
    );
    return answered.flatMap((pattern) => {
      const client = clients.get(keyOf(pattern.service, pattern.operation));
      return client === undefined ? [] : judge(inputs, { pattern, client, tests: answered.length });
    });
  },
  describe: ({ weightName, facts: { edge, before, during, callers } }) => {
    const [was, is] = [formatPercent(before), formatPercent(during)];
    const summary =
      weightName === 'backlog'
        ? `messages from ${edge.caller} wait for ${edge.callee}: ${was} -> ${is} of those sent were consumed`
        : `calls from ${edge.caller} to ${edge.callee} fail without reaching it: a server answered ${was} -> ${is} of them${callers > 1 ? ` (one of ${callers} callers)` : ''}`;
    return { summary, before: was, during: is };
  },
  reference: ({ facts: { pattern } }) => referenceToChildren({ ...pattern, peer: pattern.target }),
  refute: (inputs, lead) =>
    lead.weightName === 'backlog' ? moreSent(inputs, lead) : fanIn(inputs, lead, { leavesNoRecord: true }),
});

interface Judged {
  readonly pattern: PatternComparison;
  readonly client: OperationComparison;
  readonly tests: number;
}

function judge({ callers }: Pick<Inputs, 'callers'>, { pattern, client, tests }: Judged): Found[] {
  const { before, during, dispersion, target, service } = pattern;
  if (before.of === 0 || during.of === 0 || client.during.calls === 0) return [];
  const counts = { hits: before.spans, n: before.of, baseHits: during.spans, baseN: during.of };
  const lost = before.spans / before.of - during.spans / during.of;
  const failed = client.during.errors / client.during.calls - client.before.errors / Math.max(1, client.before.calls);
  const isAsync = client.kind === 'producer';
  // A call that lost its server must have failed. Otherwise it is sampling, or telemetry is missing. Messages wait and do not fail.
  if (lost <= 0 || (!isAsync && failed < lost / 2)) return [];
  const strength = Math.sqrt(Math.min(1, 2 * lost)) * certainty(exactShareZ(counts) / Math.sqrt(dispersion), tests);
  if (strength < minStrength) return [];
  const edge = { caller: service, callee: target };
  return [
    {
      weightName: isAsync ? 'backlog' : 'unreachable',
      service: target,
      faultType: isAsync ? 'queue' : 'down',
      edge,
      strength,
      facts: {
        pattern,
        edge,
        before: before.spans / before.of,
        during: during.spans / during.of,
        callers: (callers.get(target) ?? []).length,
      },
    },
  ];
}

/** Messages pile up behind a consumer that is at fault, and also before a healthy one that gets more of them. */
function moreSent(
  inputs: Parameters<typeof sentRates>[0],
  { service, edge }: Pick<Finding, 'service' | 'edge'>,
): Refutation {
  const sender = edge?.caller ?? '';
  const test = `Does ${sender} send ${service} more messages?`;
  const rates = sentRates(inputs).get(sender);
  return judgeGrowth(test, rates === undefined ? null : growthOf(rates));
}
