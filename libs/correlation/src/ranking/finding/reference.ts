/** Evidence references: which rows show a finding. The times are added when an incident is described (`describe/`). */
import type { EvidenceSource } from '@faultline/model';
import type { CallEdge } from '../rows/call-edge.ts';
import { measuredMetric } from '../vocabulary/made-metric.ts';

export type EvidenceReference = Omit<EvidenceSource, 'before' | 'during'>;

const anything: EvidenceReference = {
  view: 'operations',
  service: '',
  instance: '',
  operation: '',
  peer: '',
  metric: '',
  text: '',
};

/** Calls that a service serves, or one of its operations. */
export function referenceToOperations(service: string, operation = ''): EvidenceReference {
  return { ...anything, service, operation };
}

/** Calls between two services; of all callers or to all callees where one is empty. */
export function referenceToEdges({ caller, callee }: CallEdge): EvidenceReference {
  return { ...anything, view: 'edges', service: caller, peer: callee };
}

/** How many of an operation's spans make a child call; each of its calls where `text` names none. */
export function referenceToChildren(
  names: Pick<EvidenceReference, 'service' | 'operation' | 'peer' | 'text'>,
): EvidenceReference {
  const { service, operation, peer, text } = names;
  return { ...anything, view: 'children', service, operation, peer, text };
}

/** How many of an operation's spans log a line; without an operation, how many lines there are. */
export function referenceToLines({
  service,
  operation = '',
  text,
}: Partial<EvidenceReference> & Pick<EvidenceReference, 'service' | 'text'>): EvidenceReference {
  return { ...anything, view: 'lines', service, operation, text };
}

/** One metric series of an instance, or of all instances where that is empty. */
export function referenceToSeries(
  row: Pick<EvidenceReference, 'service' | 'instance' | 'metric'> & { attributes: string },
): EvidenceReference {
  const { service, instance, metric, attributes } = row;
  return { ...anything, view: 'series', service, instance, metric: measuredMetric(metric), text: attributes };
}

export function referenceToPresence(service: string): EvidenceReference {
  return { ...anything, view: 'presence', service };
}

/** Instances on a node or in a zone, and those of the same services elsewhere. */
export function referenceToFailureDomain(name: string): EvidenceReference {
  return { ...anything, view: 'place', service: name };
}

export function referenceToAlerts(service: string): EvidenceReference {
  return { ...anything, view: 'alerts', service };
}

export function referenceToChange(id: string, service: string): EvidenceReference {
  return { ...anything, view: 'changes', service, text: id };
}
