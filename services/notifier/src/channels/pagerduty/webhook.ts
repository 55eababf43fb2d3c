/** A v3 webhook of PagerDuty: what people do there to incidents that Faultline opened. https://developer.pagerduty.com/docs/webhooks-overview */
import {
  acceptedCallback,
  actId,
  type CallbackAction,
  type CallbackAnswer,
  type CallbackRequest,
  refusedCallback,
} from '../../callbacks/callback.ts';
import { parseReference } from '../../callbacks/reference.ts';
import { isSigned } from '../../callbacks/signature.ts';
import { isObject, parseObject, textField } from '../json-call.ts';
import type { PagerdutyConfig } from './config.ts';

/**
 * Reads the webhook. Anything that is signed is answered with success: PagerDuty disables a subscription after a few refusals. Only acts of
 * people become commands, so an event that Faultline itself sent does not come back as one.
 */
export function receiveWebhook({ webhookSecret }: PagerdutyConfig, request: CallbackRequest): CallbackAnswer {
  if (webhookSecret === null) return refusedCallback(404, 'this channel has no webhookSecret');
  const signatures = (request.headers['x-pagerduty-signature'] ?? '').split(',').flatMap(versionOne);
  if (!isSigned(webhookSecret.reveal(), request.body, signatures)) return refusedCallback(401, 'unknown signature');
  const { event } = parseObject(request.body.toString());
  const data = isObject(event) ? event['data'] : null;
  const agent = isObject(event) ? event['agent'] : null;
  const action = actionOf(textField(event, 'event_type'), data);
  const reference = parseReference(textField(data, 'incident_key'));
  if (action === null || reference === null || textField(agent, 'type') !== 'user_reference')
    return acceptedCallback([]);
  const id = actId('pagerduty', [textField(event, 'id')], request.body);
  return acceptedCallback([{ id, reference, actor: textField(agent, 'summary') || 'PagerDuty', action }]);
}

function versionOne(signature: string): readonly string[] {
  const text = signature.trim();
  return text.startsWith('v1=') ? [text.slice('v1='.length)] : [];
}

function actionOf(eventType: string, data: unknown): CallbackAction | null {
  switch (eventType) {
    case 'incident.acknowledged':
      return { kind: 'acknowledge' };
    case 'incident.resolved':
      return { kind: 'resolve', resolution: 'resolved in PagerDuty' };
    case 'incident.reopened':
      return { kind: 'reopen' };
    case 'incident.reassigned':
    case 'incident.delegated':
      return { kind: 'note', text: `Assigned in PagerDuty to ${assigneesOf(data)}` };
    default:
      return null;
  }
}

function assigneesOf(data: unknown): string {
  const assignees = isObject(data) && Array.isArray(data['assignees']) ? data['assignees'] : [];
  return assignees.map((assignee) => textField(assignee, 'summary')).join(', ') || 'nobody';
}
