import type { Incident } from '@faultline/model';
import { oneLine } from './format.ts';
import type { Page, PageOptions } from './page.ts';

/** The least page there is: for an incident that could not be rendered. Takes nothing but flat fields. */
export function rawPage({ id, status, severity, title }: Incident, { publicUrl }: PageOptions): Page {
  return {
    incidentId: id,
    status,
    severity,
    headline: oneLine(`[${severity}] ${title || id}`, 120),
    cause: '',
    causeKey: '',
    path: '',
    evidence: [],
    change: '',
    changeReason: '',
    impact: '',
    alternatives: '',
    refutation: '',
    past: '',
    owner: '',
    runbook: '',
    link: `${publicUrl}/incidents/${encodeURIComponent(id)}`,
    footer: 'This page could not be rendered in full; the incident itself is complete.',
  };
}
