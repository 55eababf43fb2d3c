/** How a receiver refers to an incident: the deduplication key of a pager, the value of a button. */
import { contentId, type Incident, type Scope } from '@faultline/model';

export interface IncidentReference {
  readonly scope: Scope;
  readonly incidentId: string;
}

const prefix = 'faultline';
/** The shortest limit among the receivers: PagerDuty's dedup_key. */
const maxChars = 255;

/** `faultline/acme/production/inc1`. A hash when that is too long: such an incident is paged, but nothing comes back from the pager. */
export function formatReference({ scope, id }: Pick<Incident, 'scope' | 'id'>): string {
  const parts = [scope.tenant, scope.environment, id].map(encodeURIComponent);
  const text = [prefix, ...parts].join('/');
  return text.length <= maxChars ? text : `${prefix}/${contentId(...parts)}`;
}

/** Null for a text that no Faultline wrote, or only its hash. */
export function parseReference(text: string): IncidentReference | null {
  const [begin, tenant, environment, incidentId, ...rest] = text.split('/').map(decoded);
  if (begin !== prefix || !tenant || !environment || !incidentId || rest.length > 0) return null;
  return { scope: { tenant, environment }, incidentId };
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
