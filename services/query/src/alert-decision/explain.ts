/** The handler of ExplainAlert. */
import type { Call } from '../api/call.ts';
import { rfc3339, rfc3339OrNull } from '../api/json-value.ts';
import { decideOutcome } from './decide.ts';
import { type GatherOptions, gatherFacts } from './gather.ts';
import type { ExplainAlertRequest } from './requests.ts';

export function createAlertExplainer(options: GatherOptions) {
  return async (request: ExplainAlertRequest, { tenant }: Call) => {
    const facts = await gatherFacts({ ...request, tenant }, options);
    const { outcome, text, incidentId, steps } = decideOutcome(facts, options.clock());
    return {
      outcome,
      text,
      incidentId,
      steps: steps.map(({ atMs, ...step }) => ({ ...step, at: rfc3339OrNull(atMs) })),
      nearMatches: facts.nearMatches.map(({ receivedAtMs, ...match }) => ({
        ...match,
        receivedAt: rfc3339(receivedAtMs),
      })),
    };
  };
}
