/** A node that is not ready, or short of disk, memory or process ids, as its conditions say. */

import type { Comparison } from '../compare/comparison.ts';
import { unhealthyFrom } from '../compare/failure-domains.ts';
import { evidenceKind } from '../finding/kind.ts';
import { logOdds } from '../finding/weight.ts';
import { describeFault, detectFaults, noReference, refuteFault } from './shared/object-fault.ts';

export const nodeCondition = evidenceKind({
  name: 'node-condition',
  signal: 'objects',
  weights: {
    nodeCondition: logOdds(5, 'a node that reports its own fault, while services on it alert or are degraded'),
  },
  traits: { affectsPart: true, namesObject: true },
  detect: (comparison) => detectFaults(comparison, 'node', 'nodeCondition'),
  describe: describeFault,
  reference: noReference,
  refute: refuteFault,
  explains: onlyUnhealthyHere,
});

/** Services whose instances are unhealthy on this node and nowhere else. */
function onlyUnhealthyHere({ instances }: Pick<Comparison, 'instances'>, node: string): string[] {
  const unhealthy = instances.filter(({ impact }) => impact >= unhealthyFrom);
  const elsewhere = new Set(unhealthy.filter((one) => one.node !== node).map(({ service }) => service));
  const here = unhealthy.filter((one) => one.node === node).map(({ service }) => service);
  return [...new Set(here)].filter((service) => !elsewhere.has(service)).sort();
}
