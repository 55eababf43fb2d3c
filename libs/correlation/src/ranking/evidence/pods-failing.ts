/** Pods that started and then crash, are killed, fail their probes or are evicted. */
import { evidenceKind } from '../finding/kind.ts';
import { logOdds } from '../finding/weight.ts';
import { describeFault, detectFaults, noReference, refuteFault } from './shared/object-fault.ts';

export const podsFailing = evidenceKind({
  name: 'pods-failing',
  signal: 'objects',
  weights: {
    podsFailing: logOdds(
      4.5,
      'pods that crash, are killed or fail their probes: often the cause, at times an effect of what they call',
    ),
  },
  traits: { failsCallers: true, visibleToCallers: true, namesObject: true },
  detect: (comparison) => detectFaults(comparison, 'run', 'podsFailing'),
  describe: describeFault,
  reference: noReference,
  refute: refuteFault,
});
