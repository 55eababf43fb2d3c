import { contentId } from '@faultline/model';
import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel, hasNote } from '../../channel.ts';
import { clip, fitText } from '../../page/fit.ts';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { basicAuth, createCallJson, listField, textField } from '../json-call.ts';
import type { BySeverity } from '../severity.ts';

const limits = { shortChars: 160, descriptionChars: 4000 } as const;

/** Impact and urgency: 1 is high. ServiceNow computes the priority from them. */
const levels: BySeverity<string> = { critical: '1', error: '2', warning: '3', info: '3' };

/** State 6 is Resolved in the base system. */
const resolvedState = '6';

export const servicenowChannel = defineChannel({
  type: 'servicenow',
  title: 'ServiceNow',
  schema: z.strictObject({
    type: z.literal('servicenow'),
    ...commonChannelKeys,
    url: z.url({ protocol: /^https?$/ }).describe('Address of the instance, `https://acme.service-now.com/`.'),
    user: z.string().min(1).describe('User with the role `itil`.'),
    password: secret().describe('Password of the user.'),
    assignmentGroup: z.string().nullable().default(null).describe('Name or sys_id of the group. Null: none.'),
    closeCode: z.string().default('Solution provided').describe('Resolution code of a resolved incident.'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'findable', updates: 'in-place', canThread: true, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: limits.shortChars, requestBytes: 32 * 1024 },
  levels: ['ticket', 'page'],
  rate: { spacingMs: 200, editSpacingMs: 60_000 },
  docs: {
    summary: 'One incident record for each incident. Its texts follow; another cause and the end are work notes.',
    example: {
      url: 'https://acme.service-now.com/',
      user: 'faultline',
      password: { env: 'SERVICENOW_PASSWORD' },
    },
    setup: ['Create a user with the role `itil` for the Table API.'],
    limits: ['After a lost answer the record is found by its correlation id.'],
    healthyAnswer: '{"result":{"sys_id":"9d385017c611228701d22104cc95c371","number":"INC0010002"}}',
  },
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const authorization = basicAuth(config.user, config.password.reveal());
    const headers = { authorization, accept: 'application/json' };
    const at = (path: string) => new URL(`api/now/table/incident${path}`, config.url).href;
    return async (message, signal) => {
      const { action, maybeSent, notes } = message;
      const id = action === 'edit' ? message.messageId : maybeSent ? await find() : '';
      const group = config.assignmentGroup === null ? {} : { assignment_group: config.assignmentGroup };
      if (id === '') {
        const body = {
          ...recordOf(message),
          ...group,
          correlation_id: keyOf(message),
          correlation_display: 'Faultline',
        };
        const { result } = await call({ url: at(''), headers, body }, signal);
        return receipt(textField(result, 'sys_id') || message.idempotencyKey);
      }
      const work = notes.length === 0 ? {} : { work_notes: notes.map(({ text }) => text).join('\n') };
      const body = { ...recordOf(message), ...work, ...closing(message, config.closeCode) };
      await call({ method: 'PATCH', url: at(`/${encodeURIComponent(id)}`), headers, body }, signal);
      return receipt(id);

      async function find(): Promise<string> {
        const query = new URLSearchParams({ sysparm_query: `correlation_id=${keyOf(message)}`, sysparm_limit: '1' });
        const answer = await call({ method: 'GET', url: at(`?${query}`), headers }, signal);
        return textField(listField(answer, 'result')[0], 'sys_id');
      }
    };
  },
});

function receipt(id: string) {
  return { messageId: id, threadId: id };
}

function keyOf({ incident }: ChannelMessage): string {
  return `faultline-${contentId(incident.scope.tenant, incident.id)}`;
}

function recordOf({ page, incident }: ChannelMessage) {
  const level = levels[incident.severity];
  return {
    short_description: clip(page.headline, limits.shortChars),
    description: fitText(page, limits.descriptionChars),
    impact: level,
    urgency: level,
  };
}

function closing(message: ChannelMessage, closeCode: string): object {
  if (!hasNote(message, 'resolved')) return {};
  const { page, incident } = message;
  return { state: resolvedState, close_code: closeCode, close_notes: incident.resolution ?? page.headline };
}
