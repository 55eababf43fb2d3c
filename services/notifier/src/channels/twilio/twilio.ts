import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { clip } from '../../page/fit.ts';
import { apiUrl, commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { basicAuth, createCallJson, textField } from '../json-call.ts';

/** Two segments of a text with letters beyond GSM-7 have 134 characters, two of GSM-7 have 306. Each segment is paid for. */
const maxTextChars = 306;
const maxSpokenChars = 400;

export const twilioChannel = defineChannel({
  type: 'twilio',
  title: 'SMS and phone calls (Twilio)',
  schema: z.strictObject({
    type: z.literal('twilio'),
    ...commonChannelKeys,
    accountSid: z.string().regex(/^AC/).describe('Account SID.'),
    authToken: secret().describe('Auth token of the account.'),
    from: z.string().min(1).describe('Number that sends, or the SID of a messaging service (`MG…`).'),
    to: z
      .string()
      .regex(/^\+\d{6,15}$/, 'a number as `+14155550100`')
      .describe('Number that is notified.'),
    mode: z.enum(['sms', 'voice']).default('sms').describe('A text message, or a call that reads the first line.'),
    apiUrl: apiUrl('https://api.twilio.com/'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'neither', updates: 'none', canThread: false, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: maxTextChars, requestBytes: 4096 },
  rate: { spacingMs: 1000, editSpacingMs: 0 },
  docs: {
    summary: 'The first line and the link as a text message, or a call that reads the first line.',
    example: {
      accountSid: 'AC0123456789abcdef0123456789abcdef',
      authToken: { env: 'TWILIO_AUTH_TOKEN' },
      from: '+14155550100',
      to: '+14155550101',
    },
    setup: ['Buy a number that can send messages or make calls. One channel notifies one number.'],
    limits: ['A retry after a lost answer may send a message twice.'],
    healthyAnswer: '{"sid":"SM0123456789abcdef0123456789abcdef"}',
  },
  address: ({ to }) => to,
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const resource = config.mode === 'sms' ? 'Messages' : 'Calls';
    const url = new URL(`2010-04-01/Accounts/${config.accountSid}/${resource}.json`, config.apiUrl).href;
    const headers = { authorization: basicAuth(config.accountSid, config.authToken.reveal()) };
    const sender = config.from.startsWith('MG') ? { MessagingServiceSid: config.from } : { From: config.from };
    return async (message, signal) => {
      const content = config.mode === 'sms' ? { Body: textOf(message) } : { Twiml: spoken(message) };
      const answer = await call({ url, headers, form: { To: config.to, ...sender, ...content } }, signal);
      return { messageId: textField(answer, 'sid') || message.idempotencyKey, threadId: '' };
    };
  },
});

/** The link stays whole, unless it alone is too long. */
function textOf({ page }: ChannelMessage): string {
  const room = maxTextChars - page.link.length - 1;
  return room < 40 ? clip(page.headline, maxTextChars) : `${clip(page.headline, room)}\n${page.link}`;
}

/** TwiML: https://www.twilio.com/docs/voice/twiml/say */
function spoken({ page }: ChannelMessage): string {
  const text = clip(page.headline, maxSpokenChars);
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<Response><Say>Faultline. ${escaped}</Say><Pause length="1"/><Say>${escaped}</Say></Response>`;
}
