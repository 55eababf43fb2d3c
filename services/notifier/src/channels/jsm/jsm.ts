import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { formatReference } from '../../callbacks/reference.ts';
import { defineChannel, hasNote } from '../../channel.ts';
import { apiUrl, commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';
import { alertLimits, createAlertApi } from '../opsgenie/alert.ts';
import { receiveAlertAction } from '../opsgenie/callback.ts';

/** Operations of Jira Service Management, through its integration events: create, note, acknowledge and close. */
export const jsmChannel = defineChannel({
  type: 'jsm',
  title: 'Jira Service Management Operations',
  schema: z.strictObject({
    type: z.literal('jsm'),
    ...commonChannelKeys,
    apiKey: secret().describe('Key of an API integration of Operations.'),
    webhookToken: secret()
      .nullable()
      .default(null)
      .describe('Value of the header `X-Faultline-Token` of webhooks to `/callbacks/NAME`. Null: nothing comes back.'),
    apiUrl: apiUrl('https://api.atlassian.com/'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'idempotent', updates: 'by-key', canThread: true, canNotifyAgain: false, hasActions: true },
  budget: { titleChars: alertLimits.message, requestBytes: 64 * 1024 },
  rate: { spacingMs: 200, editSpacingMs: 0 },
  docs: {
    summary: 'One alert for each incident. Its alias makes retries one alert; another cause becomes a note.',
    example: { apiKey: { env: 'JSM_API_KEY' } },
    setup: [
      'In *Operations*, add an *API* integration to a team, and use its key as `apiKey`.',
      'For acknowledgements, add a *Webhook* integration with the address `https://FAULTLINE/callbacks/NAME` and the header `X-Faultline-Token`.',
    ],
    limits: ['An integration key cannot change the message of an alert, so a cause that is found later is a note.'],
    healthyAnswer: '{"result":"Request will be processed","requestId":"43a29c5c"}',
  },
  callback: receiveAlertAction,
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const api = createAlertApi(
      new URL('jsm/ops/integration/v2/alerts', config.apiUrl).href,
      config.apiKey.reveal(),
      call,
    );
    return async (message, signal) => {
      const { page, incident, action } = message;
      if (action === 'send' || hasNote(message, 'reopened')) await api.create(message, signal);
      else if (page.status === 'open') await api.addNote(message, page.headline, signal);
      if (page.status === 'acknowledged') await api.acknowledge(incident, signal);
      if (page.status === 'resolved') await api.close(message, signal);
      return { messageId: formatReference(incident), threadId: '' };
    };
  },
});
