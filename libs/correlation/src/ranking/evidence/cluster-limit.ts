/** What holds back a workload without stopping its pods: rollouts past their deadline, autoscalers, budgets, certificates, delivery tools. */
import { evidenceKind } from '../finding/kind.ts';
import { logOdds } from '../finding/weight.ts';
import { describeFault, detectFaults, noReference, refuteFault } from './shared/object-fault.ts';

export const clusterLimit = evidenceKind({
  name: 'cluster-limit',
  signal: 'objects',
  weights: {
    clusterLimit: logOdds(3, 'a limit or a rule of the cluster: it may stand for long before anybody feels it'),
  },
  traits: { namesObject: true },
  detect: (comparison) => detectFaults(comparison, 'limit', 'clusterLimit'),
  describe: describeFault,
  reference: noReference,
  refute: refuteFault,
});
