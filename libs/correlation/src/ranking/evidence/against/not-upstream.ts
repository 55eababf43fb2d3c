/** Nothing that alerts calls it, directly or not: harm goes from the called to the caller. */
import { lookAtEdges, lookAtOperations } from '../../finding/reference.ts';
import { against, type CounterEvidence, hitsInPart } from './suspect.ts';

export const offPath: CounterEvidence = (suspect) => {
  const { context, service, support } = suspect;
  if (context.related.has(service) || !context.services.includes(service) || hitsInPart(suspect)) return [];
  const isCalled = (context.callers.get(service) ?? []).length > 0;
  const summary = `none of the services that alert is known to call ${service}, directly or through others`;
  return [
    {
      ...against,
      kind: 'off-path',
      reason: 'offPath',
      service,
      entity: `service:${service}`,
      strength: -1,
      summary,
      look: isCalled ? lookAtEdges('', service) : (support[0]?.look ?? lookAtOperations(service)),
    },
  ];
};
