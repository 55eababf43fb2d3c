/** Traffic that finds no pod: selectors, ports, endpoints, network policies and expired certificates. */
import { evidenceKind } from '../finding/kind.ts';
import { logOdds } from '../finding/weight.ts';
import { describeFault, detectFaults, noReference, refuteFault } from './shared/object-fault.ts';

export const trafficNotRouted = evidenceKind({
  name: 'traffic-not-routed',
  signal: 'objects',
  weights: {
    trafficNotRouted: logOdds(6, 'traffic that cannot reach any pod: a selector, port, policy or certificate says why'),
  },
  traits: { failsCallers: true, visibleToCallers: true, namesObject: true },
  detect: (comparison) => detectFaults(comparison, 'traffic', 'trafficNotRouted'),
  describe: describeFault,
  reference: noReference,
  refute: refuteFault,
});
