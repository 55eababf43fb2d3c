import { contentId } from '@faultline/model';
import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel, hasNote } from '../../channel.ts';
import { clip, fitText } from '../../page/fit.ts';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { basicAuth, type CallJson, createCallJson, type JsonCall, listField, textField } from '../json-call.ts';

const limits = { summaryChars: 255, descriptionChars: 32_767 } as const;

const jiraConfig = z.strictObject({
  type: z.literal('jira'),
  ...commonChannelKeys,
  url: z.url({ protocol: /^https?$/ }).describe('Address of the site, `https://acme.atlassian.net/`.'),
  user: z
    .string()
    .nullable()
    .default(null)
    .describe('Login of the account (Jira Cloud). Null: `token` is a personal access token (Jira Data Center).'),
  token: secret().describe('API token, or personal access token.'),
  project: z.string().min(1).describe('Key of the project.'),
  issueType: z.string().min(1).default('Incident').describe('Name of the issue type.'),
  resolveTransition: z
    .string()
    .nullable()
    .default(null)
    .describe('Id of the transition for a resolved incident. Null: the issue stays open.'),
  ...httpChannelKeys,
});
type JiraConfig = z.output<typeof jiraConfig>;

export const jiraChannel = defineChannel({
  type: 'jira',
  title: 'Jira',
  schema: jiraConfig,
  capabilities: { repeats: 'findable', updates: 'in-place', canThread: true, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: limits.summaryChars, requestBytes: 128 * 1024 },
  levels: ['ticket', 'page'],
  rate: { spacingMs: 200, editSpacingMs: 60_000 },
  docs: {
    summary: 'One issue for each incident. Summary and description follow it; another cause and the end are comments.',
    example: {
      url: 'https://acme.atlassian.net/',
      user: 'faultline@example.com',
      token: { env: 'JIRA_TOKEN' },
      project: 'OPS',
    },
    setup: ['Create an API token for an account that may create and edit issues of the project.'],
    limits: ['After a lost answer the issue is found by its label. Jira’s search may lag by some seconds.'],
    healthyAnswer: '{"id":"10000","key":"OPS-24"}',
  },
  address: ({ project }) => project,
  createSend: (config, { http }) => {
    const request = createJira(config, createCallJson({ http, timeoutMs: config.timeoutMs }));
    return async (message, signal) => {
      const { action, maybeSent } = message;
      const found =
        action === 'edit' ? message.messageId : maybeSent ? await find(request, config, message, signal) : '';
      const at = (path = '') => `rest/api/2/issue/${encodeURIComponent(found)}${path}`;
      if (found === '') {
        const created = await request('POST', 'rest/api/2/issue', { fields: fieldsOf(message, config) }, signal);
        const key = textField(created, 'key') || message.idempotencyKey;
        return { messageId: key, threadId: key };
      }
      const { summary, description } = fieldsOf(message, config);
      await request('PUT', at(), { fields: { summary, description } }, signal);
      for (const { text } of message.notes) await request('POST', at('/comment'), { body: text }, signal);
      if (config.resolveTransition !== null && hasNote(message, 'resolved'))
        await request('POST', at('/transitions'), { transition: { id: config.resolveTransition } }, signal);
      return { messageId: found, threadId: found };
    };
  },
});

type JiraRequest = (
  method: JsonCall['method'],
  path: string,
  body: object | undefined,
  signal: AbortSignal,
) => ReturnType<CallJson>;

function createJira({ url, user, token }: JiraConfig, call: CallJson): JiraRequest {
  const authorization = user === null ? `Bearer ${token.reveal()}` : basicAuth(user, token.reveal());
  return (method = 'POST', path, body, signal) =>
    call(
      { method, url: new URL(path, url).href, headers: { authorization, accept: 'application/json' }, body },
      signal,
    );
}

function labelOf({ incident }: ChannelMessage): string {
  return `faultline-${contentId(incident.id)}`;
}

/** The key of the issue with the incident's label. Empty: none. Cloud has another address for a search than Data Center. */
async function find(request: JiraRequest, config: JiraConfig, message: ChannelMessage, signal: AbortSignal) {
  const path = config.user === null ? 'rest/api/2/search' : 'rest/api/3/search/jql';
  const query = new URLSearchParams({ jql: `labels = "${labelOf(message)}"`, maxResults: '1', fields: 'key' });
  const [issue] = listField(await request('GET', `${path}?${query}`, undefined, signal), 'issues');
  return textField(issue, 'key');
}

function fieldsOf(message: ChannelMessage, { project, issueType }: JiraConfig) {
  const { page } = message;
  return {
    project: { key: project },
    issuetype: { name: issueType },
    summary: clip(page.headline, limits.summaryChars),
    description:
      `{noformat}\n${fitText(page, limits.descriptionChars - 40).replaceAll('{noformat}', '')}\n{noformat}\n${page.link}`.slice(
        0,
        limits.descriptionChars,
      ),
    labels: ['faultline', labelOf(message)],
  };
}
