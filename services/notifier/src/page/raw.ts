import type { Incident } from '@faultline/model';
import { oneLine } from './format.ts';
import { headlineChars } from './headline.ts';
import { incidentLink, type Page, type PageOptions } from './page.ts';
import { rawFooter, tagOf } from './words.ts';

/** The smallest page, for an incident that could not be rendered. It reads flat fields only. */
export function rawPage({ id, status, severity, title, environments }: Incident, { publicUrl }: PageOptions): Page {
  return {
    incidentId: id,
    status,
    severity,
    headline: oneLine(`${tagOf({ status, severity, environments })} ${title || id}`, headlineChars),
    cause: '',
    causeKey: '',
    path: '',
    evidence: [],
    change: '',
    changeReason: '',
    impact: '',
    level: 'page',
    triage: '',
    environment: '',
    alternatives: '',
    rejections: '',
    refutation: '',
    fix: '',
    past: '',
    owner: '',
    onCall: '',
    people: [],
    mentions: [],
    escalationStep: 0,
    routing: '',
    runbook: '',
    link: incidentLink(publicUrl, id),
    footer: rawFooter,
  };
}
