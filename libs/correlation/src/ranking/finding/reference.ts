/** Where to look for oneself: which rows show a finding. The times are added when an incident is described (`rank.ts`). */
import type { EvidenceSource } from '@faultline/model';

export type Look = Omit<EvidenceSource, 'before' | 'during'>;

const anywhere: Look = {
  view: 'operations',
  service: '',
  instance: '',
  operation: '',
  peer: '',
  metric: '',
  text: '',
};

/** Calls that a service serves, or one of its operations. */
export function lookAtOperations(service: string, operation = ''): Look {
  return { ...anywhere, service, operation };
}

/** Calls between two services; of all callers or to all callees where one is empty. */
export function lookAtEdges(service: string, peer: string): Look {
  return { ...anywhere, view: 'edges', service, peer };
}

/** The same, given as an entity `edge:caller -> callee`. */
export function lookAtEdge(entity: string): Look {
  const [caller = '', callee = ''] = entity.replace(/^edge:/, '').split(' -> ');
  return lookAtEdges(caller, callee);
}

/** How many of an operation's spans make a child call; each of its calls where none is named. */
export function lookAtChildren(names: Pick<Look, 'service' | 'operation' | 'peer' | 'text'>): Look {
  const { service, operation, peer, text } = names;
  return { ...anywhere, view: 'children', service, operation, peer, text };
}

/** How many of an operation's spans log a line; without an operation how many lines there are. */
export function lookAtLines({ service, operation = '', text }: Partial<Look> & Pick<Look, 'service' | 'text'>): Look {
  return { ...anywhere, view: 'lines', service, operation, text };
}

/** One metric series of an instance, or of all instances where that is empty. */
export function lookAtSeries(row: Pick<Look, 'service' | 'instance' | 'metric'> & { attributes: string }): Look {
  const { service, instance, metric, attributes } = row;
  return { ...anywhere, view: 'series', service, instance, metric, text: attributes };
}

export function lookAtPresence(service: string): Look {
  return { ...anywhere, view: 'presence', service };
}

/** Instances on a node or in a zone, and those of the same services elsewhere. */
export function lookAtPlace(place: string): Look {
  return { ...anywhere, view: 'place', service: place };
}

export function lookAtAlerts(service: string): Look {
  return { ...anywhere, view: 'alerts', service };
}

export function lookAtChange(id: string, service: string): Look {
  return { ...anywhere, view: 'changes', service, text: id };
}
