/** From what was found to the log-odds of each service: weigh, take away what others explain, add up. */
import { explainByCallees } from './explain/callees.ts';
import { explainByShared } from './explain/shared.ts';
import { weighTriggers } from './explain/triggers.ts';
import type { Features } from './features.ts';
import { addUp } from './probability/add-up.ts';
import type { Scored } from './probability/candidate.ts';
import { type Tuning, weightOf } from './weigh/tuning.ts';
import { weighFindings } from './weigh/weigh.ts';

/** Smooth in the weights, except where another service becomes the strongest. */
export function scoreFeatures(features: Features, tuning: Pick<Tuning, 'numbers'>): Scored {
  const { below, shared, triggers, hasEvidence, symptom } = features;
  const explained = weightOf(tuning, 'explained');
  const weighed = weighFindings(features.findings, tuning);
  const left = explainByCallees(weighed, below, explained);
  const findings = explainByShared(left, shared, explained);
  const all = [...findings, ...weighTriggers(triggers, findings, { tuning, hasEvidence })];
  return {
    candidates: addUp(all, weightOf(tuning, 'repeated')),
    nothing: weightOf(tuning, 'nothing') + weightOf(tuning, 'quietSymptom') * (1 - symptom),
  };
}
