/**
 * Calls that fail with no server behind them: the client span is there, the callee's own span is not. The callee, or the way to it, is
 * down; whoever calls it logs and loses steps because of that. Several callers that tell the same are one cause (fan-in).
 */

import type { OperationPair } from '../compare/calls.ts';
import type { Context } from '../compare/comparison.ts';
import type { StepPair } from '../compare/patterns.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { lookAtChildren } from '../finding/reference.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/statistics.ts';

export function unreachable(context: Context): Finding[] {
  const clients = new Map(
    context.operations
      .filter(({ kind }) => kind === 'client' || kind === 'producer')
      .map((one) => [`${one.service}\n${one.operation}`, one] as const),
  );
  const excused = new Set([...context.callerFaults.keys()].map(({ caller, callee }) => `${caller}\n${callee}`));
  const answered = context.steps.filter(
    ({ what, service, target }) =>
      what === 'call' && target !== '' && target !== service && !excused.has(`${service}\n${target}`),
  );
  return answered.flatMap((step) => {
    const client = clients.get(`${step.service}\n${step.operation}`);
    return client === undefined ? [] : judge(context, { step, client, tests: answered.length });
  });
}

interface Asked {
  readonly step: StepPair;
  readonly client: OperationPair;
  readonly tests: number;
}

function judge({ callers }: Context, { step, client, tests }: Asked): Finding[] {
  const { before, during, dispersion, target, service } = step;
  if (before.of === 0 || during.of === 0 || client.during.calls === 0) return [];
  const counts = { hits: before.spans, n: before.of, baseHits: during.spans, baseN: during.of };
  const lost = before.spans / before.of - during.spans / during.of;
  const failed = client.during.errors / client.during.calls - client.before.errors / Math.max(1, client.before.calls);
  const isAsync = client.kind === 'producer';
  // Every call that lost its server must have failed: else it is sampling, or telemetry that is missing. Messages wait instead.
  if (lost <= 0 || (!isAsync && failed < lost / 2)) return [];
  const strength = Math.sqrt(Math.min(1, 2 * lost)) * certainty(exactShareZ(counts) / Math.sqrt(dispersion), tests);
  if (strength < minStrength) return [];
  const [was, is] = [before, during].map(({ spans, of }) => formatPercent(spans / of)) as [string, string];
  const fanIn = (callers.get(target) ?? []).length;
  return [
    {
      kind: 'unreachable',
      reason: isAsync ? 'backlog' : 'unreachable',
      service: target,
      instance: '',
      causeKind: isAsync ? 'queue' : 'down',
      entity: `edge:${service} -> ${target}`,
      strength,
      explainable: 0,
      summary: isAsync
        ? `messages from ${service} wait for ${target}: of those sent, ${was} -> ${is} were taken up`
        : `calls from ${service} to ${target} fail without reaching it: a server answered ${was} -> ${is} of them${fanIn > 1 ? ` (one of ${fanIn} callers)` : ''}`,
      before: was,
      during: is,
      look: lookAtChildren({ ...step, peer: target }),
    },
  ];
}
