/** How a receiver refers to an incident: the deduplication key of a pager, the value of a button. */
import { contentId, type Incident } from '@faultline/model';

export interface IncidentReference {
  readonly tenant: string;
  readonly incidentId: string;
}

const prefix = 'faultline';
/** The shortest limit among the receivers: PagerDuty's dedup_key. */
const maxChars = 255;

/**
 * `faultline/acme/inc1`: what never changes in the life of an incident. A hash when that is too long: such an incident is paged, but nothing
 * comes back from the pager.
 */
export function formatReference({ scope, id }: Pick<Incident, 'scope' | 'id'>): string {
  const parts = [scope.tenant, id].map(encodeURIComponent);
  const text = [prefix, ...parts].join('/');
  return text.length <= maxChars ? text : `${prefix}/${contentId(...parts)}`;
}

/** Null for a text that no Faultline wrote, or only its hash. */
export function parseReference(text: string): IncidentReference | null {
  if (text.length > maxChars) return null;
  const [begin, tenant, incidentId, ...rest] = text.split('/').map(decoded);
  if (begin !== prefix || !tenant || !incidentId || rest.length > 0) return null;
  return { tenant, incidentId };
}

/** Whether Faultline itself opened what has this key. */
export function isOwnReference(text: string): boolean {
  return text.startsWith(`${prefix}/`);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
