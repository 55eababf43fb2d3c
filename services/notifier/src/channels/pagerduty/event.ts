/** An event of the Events API v2: https://developer.pagerduty.com/docs/events-api-v2-overview. */
import type { Incident } from '@faultline/model';
import { formatReference } from '../../callbacks/reference.ts';
import type { ChannelMessage } from '../../channel.ts';
import { clip, fitPage } from '../../page/fit.ts';
import type { Page } from '../../page/page.ts';
import { environmentsText, openLinkText } from '../../page/words.ts';

/** Limits of the Events API. An event above 512 KB is refused. */
export const eventLimits = { summaryChars: 1024, eventBytes: 512 * 1024, keyChars: 255 } as const;

/** The parts of an event beside the routing key. */
export type PagerdutyEvent = Readonly<Record<string, unknown>>;

const actions: Readonly<Record<Incident['status'], string>> = {
  open: 'trigger',
  acknowledged: 'acknowledge',
  resolved: 'resolve',
};

/** The event of a message. One dedup key for the whole life of the incident, so PagerDuty has one incident for it. */
export function eventOf(message: ChannelMessage): PagerdutyEvent {
  const { page, incident } = message;
  const build = (shown: Page) => ({
    event_action: actionOf(message),
    dedup_key: formatReference(incident),
    client: 'Faultline',
    client_url: page.link,
    links: linksOf(page, incident),
    payload: payloadOf(shown, incident),
  });
  return build(fitPage(page, (shown) => Buffer.byteLength(JSON.stringify(build(shown))) <= eventLimits.eventBytes / 2));
}

/** What people must hear of is a trigger, also after an acknowledgement, which it does not undo. */
function actionOf({ isPushed, incident: { status } }: ChannelMessage): string {
  return isPushed && status !== 'resolved' ? 'trigger' : actions[status];
}

function payloadOf(page: Page, incident: Incident): Readonly<Record<string, unknown>> {
  const cause = incident.verdict === 'identified' ? incident.hypotheses[0]?.cause : undefined;
  return {
    summary: clip(page.headline, eventLimits.summaryChars),
    source: incident.hypotheses[0]?.path.at(-1) || nameOf(incident.alerts[0]?.entity ?? '') || 'faultline',
    severity: incident.severity,
    timestamp: new Date(incident.startedAtMs).toISOString(),
    component: cause?.service ?? '',
    group: environmentsText(incident),
    class: cause?.kind ?? '',
    custom_details: detailsOf(page),
  };
}

/** `checkout` of `service:checkout`, as evidence names it later: PagerDuty shows another source as another thing. */
function nameOf(entity: string): string {
  return entity.slice(entity.indexOf(':') + 1);
}

/** In the order in which PagerDuty shows them. Empty parts are left out. */
function detailsOf(page: Page): Readonly<Record<string, string>> {
  const details = {
    cause: page.cause,
    owner: page.owner,
    runbook: page.runbook,
    path: page.path,
    evidence: page.evidence.join('\n'),
    change: [page.change, page.changeReason].filter((line) => line !== '').join('\n'),
    impact: page.impact,
    alternatives: page.alternatives,
    check: page.refutation,
    'last time': page.past,
    note: page.footer,
  };
  return Object.fromEntries(Object.entries(details).filter(([, text]) => text !== ''));
}

function linksOf({ link }: Page, { runbooks }: Incident): readonly { readonly href: string; readonly text: string }[] {
  const runbook = runbooks.slice(0, 1).map(({ title, url }) => ({ href: url, text: clip(title || 'Runbook', 100) }));
  return [{ href: link, text: openLinkText }, ...runbook.filter(({ href }) => URL.canParse(href))];
}
