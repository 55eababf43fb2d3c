/** A change shortly before the onset. It counts as far as its service shifted otherwise, which `weigh/` knows. */
import type { Change } from '@faultline/model';
import { type ContrastInputs, contrastChange } from '../compare/change/contrast.ts';
import { cameWith, changedService, timingOf, verdictFactor } from '../compare/change/timing.ts';
import type { Comparison } from '../compare/comparison.ts';
import { controlText, whenText } from '../finding/change-text.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToChange } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';

/** What a change outside of the services that alerting ones call keeps. */
const unrelatedShare = 0.3;

interface Facts {
  readonly change: Change;
  readonly onsetMs: number;
}
type Found = Detection<'change', Facts>;

export const changes = evidenceKind({
  name: 'changes',
  signal: 'changes',
  weights: { change: logOdds(2, 'a change shortly before the onset, while the service itself shifted') },
  traits: { trigger: true },
  detect(inputs: ContrastInputs & Pick<Comparison, 'onsetOf' | 'related'>): Found[] {
    return inputs.input.changes.flatMap((change): Found[] => {
      const service = changedService(change);
      const { verdict } = contrastChange(inputs, change, service);
      const isOnset = cameWith(inputs, change, verdict);
      const timing = timingOf(change, isOnset ? change.startedAtMs : inputs.onset.atMs);
      const strength = timing * (inputs.related.has(service) ? 1 : unrelatedShare) * verdictFactor[verdict];
      if (service === '' || strength < minStrength) return [];
      const facts = { change, onsetMs: isOnset ? change.startedAtMs : inputs.onsetOf(service) };
      const faultType = change.kind === 'config' || change.kind === 'flag' ? 'config' : 'code';
      return [{ weightName: 'change', service, faultType, entity: `change:${change.id}`, strength, facts }];
    });
  },
  describe: ({ service, facts: { change, onsetMs } }) => ({
    summary: `${change.kind} of ${service}${change.actor ? ` by ${change.actor}` : ''} ${whenText(change, onsetMs)}: ${change.summary}`,
    before: change.previousVersion,
    during: change.version,
  }),
  reference: ({ service, facts }) => referenceToChange(facts.change.id, service),
  refute: oldVersionIsHealthy,
});

/** A version is at fault where its instances suffer and those of the old one, in the same minutes, do not. */
function oldVersionIsHealthy(inputs: ContrastInputs, lead: Pick<Finding, 'service' | 'entity'>): Refutation {
  const test = `Are instances of ${lead.service} without the change affected as well?`;
  const change = inputs.input.changes.find(({ id }) => lead.entity === `change:${id}`);
  const contrast = change === undefined ? null : contrastChange(inputs, change, changedService(change));
  if (contrast === null || contrast.verdict === 'unknown')
    return notRun(test, 'no instances with and without it served since the onset');
  return contrast.verdict === 'guilty' ? survived(test, controlText(contrast)) : refuted(test, controlText(contrast));
}
