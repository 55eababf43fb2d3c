/** Webhooks of Opsgenie and JSM Operations: what people do there. They are not signed, so a header carries a token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Secret } from '@faultline/runtime';
import {
  acceptedCallback,
  actId,
  type CallbackAction,
  type CallbackAnswer,
  type CallbackRequest,
  refusedCallback,
} from '../../callbacks/callback.ts';
import { parseReference } from '../../callbacks/reference.ts';
import { parseObject, textField } from '../json-call.ts';
import { ownUser } from './alert.ts';

export function receiveAlertAction(
  { webhookToken }: { readonly webhookToken: Secret | null },
  { headers, body }: CallbackRequest,
): CallbackAnswer {
  if (webhookToken === null) return refusedCallback(404, 'this channel has no webhookToken');
  if (!isSame(headers['x-faultline-token'] ?? '', webhookToken.reveal())) return refusedCallback(401, 'unknown token');
  const payload = parseObject(body.toString());
  const { alert } = payload;
  const reference = parseReference(textField(alert, 'alias'));
  const actor = textField(alert, 'username') || 'Opsgenie';
  const action = actionOf(textField(payload, 'action'), textField(alert, 'note'));
  if (reference === null || action === null || actor === ownUser) return acceptedCallback([]);
  const id = actId('opsgenie', [textField(alert, 'alertId'), action.kind, textField(alert, 'updatedAt')], body);
  return acceptedCallback([{ id, reference, actor, action }]);
}

function actionOf(action: string, note: string): CallbackAction | null {
  switch (action) {
    case 'Acknowledge':
      return { kind: 'acknowledge' };
    case 'Close':
      return { kind: 'resolve', resolution: 'closed in Opsgenie' };
    case 'AddNote':
      return note === '' ? null : { kind: 'note', text: note };
    default:
      return null;
  }
}

/** Compares hashes, so that the time tells nothing about the token or its length. */
function isSame(given: string, expected: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(expected));
}
