/** Pods that cannot start, as the API of the cluster says: images, references, volumes, scheduling and admission. */
import { evidenceKind } from '../finding/kind.ts';
import { logOdds } from '../finding/weight.ts';
import { describeFault, detectFaults, noReference, refuteFault } from './shared/object-fault.ts';

export const podsNotStarting = evidenceKind({
  name: 'pods-not-starting',
  signal: 'objects',
  weights: {
    podsNotStarting: logOdds(6, 'pods that cannot start: the API names what they lack, and nothing else explains it'),
  },
  traits: { failsCallers: true, visibleToCallers: true, namesObject: true },
  detect: (comparison) => detectFaults(comparison, 'start', 'podsNotStarting'),
  describe: describeFault,
  reference: noReference,
  refute: refuteFault,
});
