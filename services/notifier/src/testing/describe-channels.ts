/** Generates docs/channels.md from the declarations of the channels, with what each one sends for one incident. */

import type { ChannelDefinition } from '../channel.ts';
import type { HttpClient, HttpRequest } from '../channels/http-client.ts';
import { channelConfig, channelDefinitions, createChannel } from '../channels/list.ts';
import { pageText } from '../page/text.ts';
import { firstMessage } from './first-message.ts';

const opening = `# Channels
This page is generated from the declarations of the channels: \`npm run generate\` writes it.

A page is sent once for each incident and kept up to date. People are notified by the first page. They are notified again when the worst severity
rises to error or critical, when the likely cause is found or moves to another service, with its owners mentioned, and when an incident is
reopened. Every other update is silent.

The first 100 characters name severity, service, what is wrong, how many alerts, the environment and the likely cause. A lock screen shows
little else. A text that is too long for a channel loses whole parts, least needed first. Headline, cause and link always stay. A channel that
answers 429 is obeyed. A page that a channel refuses for good goes to its \`fallback\`, and to the dead letters (\`/api/v1/dead-letters\`); log and health name the channel.

\`notifier.proxyUrl\` sends requests through a proxy; email does not use it. Link-local and metadata addresses are always refused.

## What each channel can do
- **Retry** after a lost answer: the receiver drops the second page by its key (key), Faultline searches for the first one (search), or the
  page may come twice and says so (twice).
- **Updates**: the page is replaced (edit), the receiver logs another cause or status under the same key (key), or an update is a new message
  (message).
- **Thread**: updates stand below the page. **Cause notifies**: a cause that is found later makes a sound. **Acts**: what people do there comes
  back as commands with their names.
`;

/** The page. It sends nothing: requests end in memory. */
export async function describeChannels(): Promise<string> {
  const definitions: readonly ChannelDefinition[] = channelDefinitions;
  const sections = await Promise.all(definitions.map(describeChannel));
  const rows = definitions.map(capabilityRow);
  const head = [
    '| channel | type | retry | updates | thread | cause notifies | acts |',
    '|---|---|---|---|---|---|---|',
  ];
  return `${[opening, [...head, ...rows].join('\n'), ...sections].join('\n')}\n`;
}

const retries = { idempotent: 'key', findable: 'search', neither: 'twice' } as const;
const updates = { 'in-place': 'edit', 'by-key': 'key', none: 'message' } as const;

function capabilityRow({ title, type, capabilities }: ChannelDefinition): string {
  const yes = (has: boolean) => (has ? 'yes' : '');
  const { canThread, canNotifyAgain, hasActions } = capabilities;
  const cells = [title, `\`${type}\``, retries[capabilities.repeats], updates[capabilities.updates]];
  return `| ${[...cells, yes(canThread), yes(canNotifyAgain), yes(hasActions)].join(' | ')} |`;
}

async function describeChannel(definition: ChannelDefinition): Promise<string> {
  const { title, docs, budget } = definition;
  const { setup, limits } = docs;
  const steps = setup.map((step, index) => `${index + 1}. ${step}`);
  return [
    '',
    `## ${title}`,
    docs.summary,
    '',
    '```yaml',
    ...exampleOf(definition),
    '```',
    ...(steps.length === 0 ? [] : ['', ...steps]),
    ...(limits.length === 0 ? [] : ['', ...limits.map((limit) => `- ${limit}`)]),
    '',
    `Budget: a title of ${budget.titleChars} characters, a request of ${budget.requestBytes.toLocaleString('en')} bytes.`,
    '',
    '<details><summary>The first page, as it is sent</summary>',
    '',
    '```',
    await pictureOf(definition),
    '```',
    '',
    '</details>',
  ].join('\n');
}

function exampleOf({ type, docs }: ChannelDefinition): readonly string[] {
  const fields = Object.entries(docs.example).map(([key, value]) => `      ${key}: ${yamlOf(value)}`);
  return ['notifier:', '  channels:', `    - type: ${type}`, '      name: oncall', ...fields];
}

/** Flow style. Texts that YAML could read as something else are quoted. */
function yamlOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(', ')}]`;
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, child]) => `${key}: ${yamlOf(child)}`)
      .join(', ')} }`;
  return typeof value === 'string' && /^[A-Za-z][\w@./:-]*$/.test(value) ? value : JSON.stringify(value);
}

/** The configuration of the example, with a text for each secret. */
export function exampleConfig({ type, docs }: ChannelDefinition): Readonly<Record<string, unknown>> {
  const known = Object.entries(docs.example).map(([key, value]) => [key, isReference(value) ? secretFor(key) : value]);
  return { type, name: 'oncall', ...Object.fromEntries(known) };
}

function isReference(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'env' in value;
}

function secretFor(key: string): string {
  return key === 'url' ? 'https://receiver.example.com/hook' : 'SECRET';
}

async function pictureOf(definition: ChannelDefinition): Promise<string> {
  if (definition.type === 'email') return emailPicture();
  const requests: HttpRequest[] = [];
  const printed: string[] = [];
  const http: HttpClient = {
    request: async (request) => {
      requests.push(request);
      return { status: 200, body: definition.docs.healthyAnswer, retryAfterMs: null };
    },
  };
  const parts = { clock: () => Date.UTC(2026, 2, 1, 14, 2, 5), http, warn: () => {} };
  const config = channelConfig.parse(exampleConfig(definition));
  await createChannel(config, { ...parts, write: (text) => void printed.push(text) }).send(
    firstMessage(),
    new AbortController().signal,
  );
  return [...requests.map(requestText), ...printed.map((text) => text.trim())].join('\n\n');
}

function requestText({ method = 'POST', url, body }: HttpRequest): string {
  return `${method} ${url.replaceAll('SECRET', '…')}\n\n${bodyText(body).replaceAll('SECRET', '…')}`;
}

const maxPictureLines = 60;

function bodyText(body: string): string {
  const text = body.startsWith('{') ? JSON.stringify(JSON.parse(body), null, 2) : formText(body);
  const lines = text.split('\n');
  return lines.length <= maxPictureLines ? text : [...lines.slice(0, maxPictureLines), '…'].join('\n');
}

function formText(body: string): string {
  return [...new URLSearchParams(body)].map(([key, value]) => `${key}: ${prettyJson(value)}`).join('\n');
}

function prettyJson(value: string): string {
  return value.startsWith('[') || value.startsWith('{') ? JSON.stringify(JSON.parse(value), null, 2) : value;
}

function emailPicture(): string {
  const { page } = firstMessage();
  return `Subject: ${page.headline}\n\n${pageText(page)}`;
}
