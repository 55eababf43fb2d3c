/**
 * CloudEvents. CDEvents about deployments, environments and merged changes become changes, and incidents of other tools become alerts. Other
 * events are answered with 202 and a note that says why: many senders send every event they have.
 */
import { type Change, contentId, type Release, resolveEntities } from '@faultline/model';
import { subjectAt } from '../../entities.ts';
import { cut, type Json, scalarText, usableTime } from '../../field.ts';
import { releaseOfItem } from '../../mapping/mapped-release.ts';
import { originOf, originOfField } from '../../scope.ts';
import {
  type Decoded,
  defineRoute,
  jsonReply,
  type Normalised,
  type Outcome,
  type Problem,
  refuse,
  type SourceContext,
  type SourceRequest,
} from '../../source.ts';
import { defineSource } from '../../source-definition.ts';
import { cdEventOf, type Use, useOf } from './cdevents.ts';
import { type CloudEvent, readEvent, readEvents } from './event.ts';
import { lastPart, objectAt, textsOf } from './fields.ts';
import { incidentAlerts } from './incident.ts';

const name = 'cloudevents';

function decode(request: SourceRequest, context: SourceContext): Decoded<readonly CloudEvent[]> {
  const events = readEvents(request, context);
  if (!events.ok) return events;
  const read = events.items.map((event, index) => ({ event, index, read: readEvent(event) }));
  const good = read.flatMap((entry) => ('missing' in entry.read ? [] : [entry.read]));
  const bad = read.flatMap((entry) =>
    'missing' in entry.read
      ? [{ event: entry.event, problem: missing(entry.read.missing, entry.index, read.length) }]
      : [],
  );
  const [first] = bad;
  if (good.length === 0 && first !== undefined) return refuse(400, first.problem.code, first.problem.reason);
  const items = good.filter((event) => useOf(event).as !== 'nothing');
  const notes = new Set(good.flatMap(unusedNote));
  const problems = bad.map(({ problem }) => problem);
  const payload = () => Buffer.from(JSON.stringify(bad.map(({ event }) => event)));
  return {
    ok: true,
    items,
    bad: first === undefined ? null : { count: bad.length, problems, payload },
    notes: [...notes].slice(0, 10),
  };
}

function unusedNote(event: CloudEvent): string[] {
  const use = useOf(event);
  return use.as === 'nothing' ? [`events of type ${cut(event.type, 200)} are not used: ${use.why}`] : [];
}

function missing(attribute: string, index: number, count: number): Problem {
  const path = count === 1 ? attribute : `[${index}].${attribute}`;
  const expected = attribute === 'event' || attribute === 'data' ? 'an object' : 'a text';
  return { code: 'INGEST_INVALID', reason: `${path}: expected ${expected}` };
}

function normalise(events: readonly CloudEvent[], request: SourceRequest, context: SourceContext): Normalised {
  return {
    alerts: events.flatMap((event) => incidentAlerts(name, event, request, context)),
    changes: events.flatMap((event) => changesOf(event, request, context)),
  };
}

function changesOf(event: CloudEvent, request: SourceRequest, context: SourceContext): Change[] {
  const use = useOf(event);
  return use.as === 'change' ? [toChange(event, use, request, context)] : [];
}

function toChange(
  event: CloudEvent,
  { kind, verb }: Extract<Use, { as: 'change' }>,
  request: SourceRequest,
  context: SourceContext,
): Change {
  const cdEvent = cdEventOf(event.type);
  const cdContext = objectAt(event.data, 'context');
  const subject = objectAt(event.data, 'subject');
  const content = objectAt(subject, 'content');
  const custom = textsOf(objectAt(event.data, 'customData'));
  const subjectId = scalarText(subject['id']) || event.subject;
  const artifact = scalarText(content['artifactId']);
  const version = versionOf(artifact);
  const { receivedAtMs, tenant } = request;
  const time = event.time || scalarText(cdContext['timestamp']);
  const service = cdEvent.startsWith('service.') ? lastPart(subjectId) : '';
  const named = { ...resolveEntities(custom, context.entityRules), ...(service === '' ? {} : { service }) };
  const environment = environmentOfEvent(cdEvent, subjectId, content);
  const release = releaseOf(artifact, custom);
  const origin =
    environment === '' ? originOf(tenant, custom, named, context) : originOfField(tenant, environment, context);
  const { scope, entities } = subjectAt(origin, named, { ...custom, job: subjectId }, context);
  return {
    // CloudEvents: source and id together are unique. A repeat has the same ones.
    id: contentId(tenant, name, event.source, event.id),
    scope,
    source: name,
    kind,
    entities,
    summary: cut(`${verb} ${subjectId}${version === '' ? '' : ` ${version}`}`, 1024),
    actor: custom['actor'] ?? custom['user'] ?? event.source,
    startedAtMs: usableTime(time, receivedAtMs, context.config.limits) ?? receivedAtMs,
    endedAtMs: null,
    version,
    previousVersion: custom['previousVersion'] ?? '',
    url: cut(scalarText(content['url']) || (custom['url'] ?? scalarText(content['uri'])), 4096),
    receivedAtMs,
    raw: JSON.stringify(event.raw),
    ...(release !== null && { release }),
  };
}

/** CDEvents name the artifact; the commit stands in the custom data, if at all. */
function releaseOf(purl: string, custom: Readonly<Record<string, string>>): Release | null {
  const image = purl.startsWith('pkg:') ? imageOf(purl) : purl;
  return releaseOfItem({ ...custom, ...(image !== '' && { images: [image] }) }, {});
}

/** As written; empty for a change that names no environment, such as a merged one. */
function environmentOfEvent(cdEvent: string, subjectId: string, content: Json): string {
  const id = scalarText(objectAt(content, 'environment')['id']);
  const environment = cdEvent.startsWith('environment.') ? subjectId : id;
  return environment.trim();
}

/** `pkg:oci/cart@sha256%3A12?tag=1.4.2` is the image `cart:1.4.2@sha256:12`. */
function imageOf(purl: string): string {
  const [, name = ''] = /^pkg:[^/]+\/(?:[^@?#]*\/)?([^@?#/]+)/.exec(purl) ?? [];
  const tag = /[?&]tag=([^&#]+)/.exec(purl)?.[1] ?? '';
  const version = decoded(/@([^?#]+)/.exec(purl)?.[1] ?? '');
  const digest = /^sha\d+:/.test(version) ? `@${version}` : '';
  const fixed = tag || (digest === '' ? version : '');
  return name === '' ? '' : `${name}${fixed === '' ? '' : `:${fixed}`}${digest}`;
}

/** The version of a package URL: `pkg:oci/cart@sha256%3A12?tag=1.4.2`. People know it by its tag, so the tag comes first. */
function versionOf(purl: string): string {
  const tag = /[?&]tag=([^&#]+)/.exec(purl)?.[1];
  return cut(decoded(tag ?? /@([^?#]+)/.exec(purl)?.[1] ?? ''), 256);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function replyAccepted({ records, bad, notes }: Outcome) {
  const refused = bad?.problems.slice(0, 100).map(({ code, reason }) => ({ code, message: reason })) ?? [];
  return jsonReply(202, {
    status: 'accepted',
    changes: records.changes?.length ?? 0,
    alerts: records.alerts?.length ?? 0,
    refused,
    notes,
  });
}

export const cloudevents = defineSource({
  name,
  title: 'CloudEvents and CDEvents',
  kinds: ['changes', 'alerts'],
  routes: [
    defineRoute({ path: '/ingest/cloudevents', signal: 'changes', limit: 'alert', decode, normalise, replyAccepted }),
  ],
  docs: {
    summary: 'CDEvents of delivery tools as CloudEvents over HTTP: structured, batched or binary.',
    setup: [
      'Point the HTTP sink of the tool at `https://FAULTLINE/ingest/cloudevents`, with a bearer token.',
      'In Jenkins, install the CDEvents plugin and choose the sink type HTTP.',
    ],
    snippet: {
      language: 'sh',
      text: `curl https://FAULTLINE/ingest/cloudevents \\
  -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/cloudevents+json' \\
  -d '{"specversion":"1.0","id":"1","source":"/ci","type":"dev.cdevents.service.deployed.0.3.0",
       "data":{"subject":{"id":"shop/cart","content":{"environment":{"id":"prod"},"artifactId":"pkg:oci/cart@1.4.2"}}}}'
`,
    },
    reads: [
      'Deployed, upgraded, rolled back, removed and published services',
      'Created, modified and deleted environments',
      'Merged changes',
      'Finished pipeline and task runs whose names say deploy, release, rollback, rollout or promote',
      'Incidents of other tools as alerts',
    ],
    ignores: [
      'All other types of CDEvents 0.4 and 0.5, and incidents that Faultline sent: the answer names each with the reason',
    ],
  },
});
