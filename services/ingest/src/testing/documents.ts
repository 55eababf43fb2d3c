/** docs/sources, written from the declarations of the sources and their examples. */
import type { SignatureScheme } from '../authentication/signature.ts';
import { defaultTokenPlaces, type TokenPlace } from '../authentication/token.ts';
import type { Route } from '../source.ts';
import type { SourceDefinition } from '../source-definition.ts';
import { declaredSources } from '../sources/index.ts';
import { examplesOf, type SourceExample } from './examples.ts';

export interface SourcePage {
  /** Name of the file in docs/sources. */
  readonly file: string;
  readonly text: string;
}

/** A page for each source, and the list of them. */
export function describeSources(): readonly SourcePage[] {
  const sources = declaredSources.toSorted((a, b) => a.title.localeCompare(b.title, 'en'));
  return [
    { file: 'README.md', text: describeList(sources) },
    ...sources.map((source) => ({ file: `${source.name}.md`, text: describeSource(source) })),
  ];
}

const generated = 'This page is generated from the declarations of the sources: `npm run generate` writes it.';

function describeList(sources: readonly SourceDefinition[]): string {
  const rows = sources.map(({ name, title, kinds, routes }) => {
    const signed = routes.some(({ signature }) => signature !== undefined) ? 'yes' : '';
    const paths = routes.map(({ path }) => `\`${path}\``).join(', ');
    return `| [${title}](${name}.md) | ${kinds.join(', ')} | ${paths} | ${signed} |`;
  });
  return `# Sources
${generated}

| tool | sends | POST to | signed |
|---|---|---|---|
${rows.join('\n')}

OTLP has ports of its own: see [config.md](../config.md), \`ingest.otlpGrpc\` and \`ingest.otlpHttp\`.
Topics of Kafka are read, too: see [kafka.md](kafka.md).

## How a sender is known
With tokens configured (\`auth.tokens\`), each request needs one. It has the role \`source\` and the name of its source. It stands in
\`Authorization: Bearer TOKEN\`, is the password of basic authentication, or is the parameter \`token\` of the address, for tools that can set
nothing else. Pages of sources name further places.

A source that signs needs no token: put the secret of its webhook into \`ingest.signingSecrets\`. With a secret there, a body with neither a
right signature nor a valid token is refused. Without \`auth.tokens\` no token is valid. While a secret is replaced, list both.

## Severity
\`critical\`, \`error\`, \`warning\` and \`info\` are read from the usual words and ranks, such as \`major\`, \`P1\`, \`sev_2\` and \`5 - Disaster\`. An alert
whose severity is missing or not understood is an error, so that nobody misses it. The metric \`faultline.ingest.severity_unread\` counts these.

${mappingText}`;
}

const mappingText = `## A source of your own
A mapping is an expression of [JSONata](https://docs.jsonata.org/overview) that reads the body of a request. This is one for a tool that sends
\`{"check": "ping db-1", "state": "down", "since": 1772366280, "server": "db-1"}\`:

\`\`\`yaml
ingest:
  mappings:
    - name: pinger
      expression: |
        { "alerts": [{
            "key": check,
            "name": check,
            "status": state = "down" ? "firing" : "resolved",
            "severity": "critical",
            "host": server,
            "startsAt": since
        }] }
\`\`\`

The tool sends to \`/ingest/pinger\`. Try a mapping on a file before it is used:
\`npm run config -- try-mapping FILE --config faultline.yaml --source pinger\`.

The expression returns an object. JSONata writes a list of one item as the item; both are accepted.

| field | meaning |
|---|---|
| \`alerts\` | \`name\` (required), \`status\` (\`firing\` or \`resolved\`), \`severity\` (any usual word), \`key\` (identity over the life of the alert), \`summary\`, \`description\`, \`service\`, \`host\`, \`environment\`, \`labels\`, \`startsAt\`, \`endsAt\`, \`url\` |
| \`changes\` | \`summary\` (required), \`kind\` (\`deploy\`, \`rollback\`, \`config\`, \`flag\`, \`scale\`, \`infrastructure\`, \`other\`), \`key\`, \`service\`, \`host\`, \`environment\`, \`labels\`, \`version\`, \`previousVersion\`, \`actor\`, \`startedAt\`, \`endedAt\`, \`url\`; what it delivers: \`repository\`, \`commit\`, \`previousCommit\`, \`images\`, \`commits\` (each \`id\`, \`author\`, \`message\`, \`url\`, \`files\`; newest first). Reports of one rollout are joined by them |
| \`acknowledged\` | \`key\` of an alert that somebody acknowledged, and the \`actor\` |
| \`ignored\` | why a body, or a part of it, is not used: a text each. The answer and the log repeat it |

Times are RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970. Labels say what the item is about, by the rules of
\`npm run config -- try-labels\`. \`$headers\` holds the headers of the request, without credentials. \`$labels(x)\` turns lists such as
\`["service:checkout"]\` or \`[{"tag": "service", "value": "checkout"}]\` into an object.

A mapping that returns none of the four is an error, so nothing is dropped without a reason. Mappings run in a thread with limits
(\`ingest.limits.mappingMs\`, \`ingest.limits.mappingMemoryMb\`). The sources above with a mapping can be changed: a mapping with the same name
replaces the built-in expression.
`;

function describeSource(source: SourceDefinition): string {
  const { title, docs, routes, name, expression } = source;
  const { summary, setup, snippet, reads, ignores } = docs;
  const parts = [
    `# ${title}\n${generated}\n\n${summary}`,
    `## Set up\n${setup.map((step, at) => `${at + 1}. ${step}`).join('\n')}`,
    snippet === undefined ? '' : fence(snippet.language, snippet.text),
    `## Authentication\n${[...new Set(routes.map((route) => authenticationText(name, route)))].join('\n\n')}`,
    `## What is read\n${list(reads)}${requiredText(source)}`,
    `## What is ignored\n${list(ignores)}`,
    `## Example\n${exampleText(source)}`,
    expression === undefined ? '' : `## Mapping\n${fence('text', expression)}`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function requiredText({ required: { headers = {}, fields = {} } = {} }: SourceDefinition): string {
  const names = [
    ...Object.keys(headers).map((name) => `the header \`${name}\``),
    ...Object.keys(fields).map((path) => `\`${path}\``),
  ];
  return names.length === 0 ? '' : `\n\nA body without ${names.join(' or ')} is refused.`;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}.`).join('\n');
}

function fence(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

function authenticationText(name: string, { tokenPlaces = defaultTokenPlaces, signature, bodyToken }: Route): string {
  const places = tokenPlaces.map(placeText);
  const all = bodyToken === undefined ? places : [...places, 'the key in the body'];
  const token = `A token of the source \`${name}\`: ${all.join(', or ')}.`;
  return signature === undefined ? token : `${signatureText(name, signature)}\n\n${token}`;
}

function placeText(place: TokenPlace): string {
  if (place === 'bearer') return '`Authorization: Bearer TOKEN`';
  if (place === 'basic') return 'the password of basic authentication';
  if (place === 'query') return '`?token=TOKEN` in the address';
  return `\`${place.header}: ${place.prefix ?? ''}TOKEN\``;
}

function signatureText(name: string, { header, algorithm }: SignatureScheme): string {
  const hash = algorithm === 'named' ? 'the algorithm that the header names' : algorithm.replace('sha', 'SHA-');
  return `Signed: the header \`${header}\` is an HMAC of the body with ${hash}. Put the secret into \`ingest.signingSecrets\` with \`source: ${name}\`.`;
}

function exampleText({ name }: SourceDefinition): string {
  const [example] = examplesOf(name);
  if (example === undefined) return '';
  const body = typeof example.body === 'string' ? example.body : JSON.stringify(example.body, null, 2);
  const sent = `The form is documented at <${example.from}>. This body (${example.title}):\n\n${fence('json', body)}`;
  return `${sent}\n\nbecomes:\n\n${rightText(example)}`;
}

function rightText({ right }: SourceExample): string {
  const rows = [...right.alerts, ...right.changes, ...right.metrics].map((item) =>
    Object.entries(item)
      .filter(([, value]) => value !== '')
      .map(([field, value]) => `${field}: ${value}`)
      .join('; '),
  );
  return rows.map((row) => `- ${row}`).join('\n');
}
