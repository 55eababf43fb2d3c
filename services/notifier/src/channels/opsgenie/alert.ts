/** What Opsgenie and Jira Service Management share: the alert, its alias and its priority. https://docs.opsgenie.com/docs/alert-api */
import { contentId, type Incident } from '@faultline/model';
import { formatReference } from '../../callbacks/reference.ts';
import type { ChannelMessage } from '../../channel.ts';
import { clip, fitText } from '../../page/fit.ts';
import { pageBody } from '../../page/text.ts';
import { environmentsOf } from '../../page/words.ts';
import type { CallJson, JsonCall } from '../json-call.ts';
import type { BySeverity } from '../severity.ts';

/** Limits in characters. Longer texts are refused. */
export const alertLimits = { message: 130, description: 15_000, entity: 512, tag: 50, noteText: 25_000 } as const;

const priorities: BySeverity<string> = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' };

/** Who acts here, so that its own acts are known when they come back. */
export const ownUser = 'Faultline';

export function alertOf({ page, incident }: ChannelMessage): Readonly<Record<string, unknown>> {
  return {
    message: clip(page.headline, alertLimits.message),
    alias: formatReference(incident),
    description: descriptionOf(page),
    priority: priorities[incident.severity],
    entity: clip(incident.hypotheses[0]?.path.at(-1) ?? '', alertLimits.entity),
    source: ownUser,
    tags: environmentsOf(incident)
      .slice(0, 20)
      .map((environment) => clip(environment, alertLimits.tag)),
    details: { cause: page.causeKey, owner: page.owner, runbook: page.runbook, link: page.link },
  };
}

export function descriptionOf(page: ChannelMessage['page']): string {
  return fitText(page, alertLimits.description, pageBody);
}

export interface AlertApi {
  create(message: ChannelMessage, signal: AbortSignal): Promise<void>;
  acknowledge(incident: Incident, signal: AbortSignal): Promise<void>;
  close(message: ChannelMessage, signal: AbortSignal): Promise<void>;
  /** Adds a note. A retry adds it again: notes have no key. */
  addNote(message: ChannelMessage, text: string, signal: AbortSignal): Promise<void>;
  change(incident: Incident, field: 'message' | 'description', text: string, signal: AbortSignal): Promise<void>;
}

/** Requests are processed later: an answer means that the request was taken. */
export function createAlertApi(alertsUrl: string, key: string, call: CallJson): AlertApi {
  const headers = { authorization: `GenieKey ${key}` };
  const at = (incident: Incident, act: string) =>
    `${alertsUrl}/${encodeURIComponent(formatReference(incident))}/${act}?identifierType=alias`;
  const send = async (request: Omit<JsonCall, 'headers'>, signal: AbortSignal) => {
    await call({ ...request, headers }, signal);
  };
  const by = { user: ownUser, source: ownUser };
  return {
    create: (message, signal) => send({ url: alertsUrl, body: alertOf(message) }, signal),
    acknowledge: (incident, signal) => send({ url: at(incident, 'acknowledge'), body: by }, signal),
    close: ({ incident, page }, signal) =>
      send({ url: at(incident, 'close'), body: { ...by, note: page.headline } }, signal),
    addNote: ({ incident, idempotencyKey }, text, signal) => {
      const note = `${clip(text, alertLimits.noteText - 30)} [${contentId(idempotencyKey).slice(0, 12)}]`;
      return send({ url: at(incident, 'notes'), body: { ...by, note } }, signal);
    },
    change: (incident, field, text, signal) =>
      send({ method: 'PUT', url: at(incident, field), body: { [field]: text } }, signal),
  };
}
