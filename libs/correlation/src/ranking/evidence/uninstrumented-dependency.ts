/** A peer that sends no telemetry, seen from its callers: their client spans to it are slow or fail. */

import { countsBySlice, type EdgePair, type Side } from '../compare/calls.ts';
import type { Context } from '../compare/comparison.ts';
import { lastingFactor, lastingShare } from '../compare/lasting.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatUs } from '../finding/format.ts';
import { lookAtEdge, lookAtEdges } from '../finding/reference.ts';
import { shareDispersion } from '../statistics/dispersion.ts';
import { exactShareZ } from '../statistics/exact-share.ts';
import { certainty } from '../statistics/statistics.ts';
import { timeStrength } from './self-time.ts';

export function silentHop(context: Context): Finding[] {
  return [...slow(context), ...failing(context)];
}

function slow(context: Context): Finding[] {
  const { silent, totalUs } = context.ledger;
  const excused = new Set([...context.callerFaults.keys()].map(({ caller, callee }) => `${caller} -> ${callee}`));
  return [...silent.values()].flatMap((added) => {
    const strength = timeStrength(added, totalUs) * (excused.has(added.where) ? leftWhenExcused : 1);
    if (strength < minStrength) return [];
    const { service, beforeUs, duringUs } = added;
    return [
      {
        kind: 'silent-hop',
        reason: 'silentSlow',
        service,
        instance: '',
        causeKind: isExternal(service) ? 'dependency' : 'latency',
        entity: `edge:${added.where}`,
        strength,
        explainable: 0,
        summary: `${service} (no telemetry of its own) answers slower, seen by ${added.where.split(' -> ')[0]}: ${formatUs(beforeUs)} -> ${formatUs(duringUs)} a call, ${formatPercent(added.addedUs / totalUs)} of all added time`,
        before: formatUs(beforeUs),
        during: formatUs(duringUs),
        look: lookAtEdge(added.where),
      },
    ];
  });
}

/** A public name is somebody else's service: nobody here can say why it is slow. Names inside a cluster end otherwise. */
function isExternal(name: string): boolean {
  return /\.[a-z]{2,}(?::\d+)?$/i.test(name) && !/\.(?:svc|local|internal|cluster|lan|home|corp)(?::\d+)?$/i.test(name);
}

/** What is left of a peer's blame when the caller is at fault: it may still be that both are. */
const leftWhenExcused = 0.15;

function failing({ edges, traced, sides, atAlert, callerFaults }: Context): Finding[] {
  const silent = edges.filter(({ callee }) => !traced.has(callee));
  return silent.flatMap((edge) =>
    failingEdge(edge, { tests: silent.length, sides, atAlert, left: callerFaults.has(edge) ? leftWhenExcused : 1 }),
  );
}

/** A peer of one's own that answers next to nothing is down; one that answers some is ill in a way that nobody here can see. */
const deadFrom = 0.9;

function failingEdge(
  { caller, callee, before, during, rows }: EdgePair,
  { tests, sides, atAlert, left }: { tests: number; sides: readonly Side[]; atAlert: readonly boolean[]; left: number },
): Finding[] {
  const slices = countsBySlice(rows, sides.length, ({ errors }) => errors);
  const dispersion = shareDispersion(slices.hits, slices.of, sides);
  const counts = { hits: during.errors, n: during.calls, baseHits: before.errors, baseN: before.calls };
  const share = during.errors / Math.max(1, during.calls);
  const risen = share - before.errors / Math.max(1, before.calls);
  const lasting = lastingFactor(lastingShare({ ...slices, sides, atAlert }, share - risen));
  const sure = certainty(exactShareZ(counts) / Math.sqrt(dispersion), tests) * left * lasting;
  const strength = risen <= 0 ? 0 : sure * Math.sqrt(Math.min(1, 2 * risen));
  if (strength < minStrength) return [];
  return [
    {
      kind: 'silent-hop',
      reason: 'silentErrors',
      service: callee,
      instance: '',
      causeKind: share >= deadFrom && !isExternal(callee) ? 'down' : 'dependency',
      entity: `edge:${caller} -> ${callee}`,
      strength,
      explainable: 0,
      summary: `calls from ${caller} to ${callee} (no telemetry of its own) fail: ${formatPercent(share - risen)} -> ${formatPercent(share)}`,
      before: formatPercent(share - risen),
      during: formatPercent(share),
      look: lookAtEdges(caller, callee),
    },
  ];
}
