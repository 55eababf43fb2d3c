import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { formatReference } from '../../callbacks/reference.ts';
import { defineChannel, hasNote } from '../../channel.ts';
import { clip } from '../../page/fit.ts';
import { apiUrl, commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';
import { alertLimits, createAlertApi, descriptionOf } from './alert.ts';
import { receiveAlertAction } from './callback.ts';

/** Opsgenie, until it is shut down in April 2027. JSM Operations is its successor. */
export const opsgenieChannel = defineChannel({
  type: 'opsgenie',
  title: 'Opsgenie',
  schema: z.strictObject({
    type: z.literal('opsgenie'),
    ...commonChannelKeys,
    apiKey: secret().describe('Key of an API integration with the right to create and update alerts.'),
    webhookToken: secret()
      .nullable()
      .default(null)
      .describe('Value of the header `X-Faultline-Token` of webhooks to `/callbacks/NAME`. Null: nothing comes back.'),
    apiUrl: apiUrl('https://api.opsgenie.com/'),
    ...httpChannelKeys,
  }),
  capabilities: {
    repeats: 'idempotent',
    updates: 'in-place',
    canThread: true,
    canNotifyAgain: false,
    hasActions: true,
  },
  budget: { titleChars: alertLimits.message, requestBytes: 64 * 1024 },
  rate: { spacingMs: 200, editSpacingMs: 15_000 },
  docs: {
    summary:
      'One alert for each incident. Its alias makes retries one alert; message and description follow the incident.',
    example: { apiKey: { env: 'OPSGENIE_API_KEY' } },
    setup: [
      'Add an *API* integration to a team, and use its key as `apiKey`. In the EU region set `apiUrl: https://api.eu.opsgenie.com/`.',
      'For acknowledgements, add a *Webhook* integration with the address `https://FAULTLINE/callbacks/NAME` and the header `X-Faultline-Token`.',
    ],
    limits: [
      'Opsgenie ends in April 2027: use `jsm` for new teams.',
      'A cause that is found later becomes the message and a note. Opsgenie notifies nobody again.',
    ],
    healthyAnswer: '{"result":"Request will be processed","requestId":"43a29c5c"}',
  },
  callback: receiveAlertAction,
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const api = createAlertApi(new URL('v2/alerts', config.apiUrl).href, config.apiKey.reveal(), call);
    return async (message, signal) => {
      const { page, incident, action, isPushed } = message;
      const isOver = page.status === 'resolved';
      // A closed alert stays closed: a new one with the same alias takes its place.
      if (action === 'send' || hasNote(message, 'reopened')) await api.create(message, signal);
      else {
        await api.change(incident, 'message', clip(page.headline, alertLimits.message), signal);
        await api.change(incident, 'description', descriptionOf(page), signal);
        if (isPushed) await api.addNote(message, page.headline, signal);
      }
      if (page.status === 'acknowledged') await api.acknowledge(incident, signal);
      if (isOver) await api.close(message, signal);
      return { messageId: formatReference(incident), threadId: '' };
    };
  },
});
