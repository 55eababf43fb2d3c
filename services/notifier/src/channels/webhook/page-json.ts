/** The JSON of a page, as webhooks and Kafka records carry it. The schema is published as docs/schemas/page-v1.schema.json. */
import { z } from 'zod';
import type { ChannelMessage } from '../../channel.ts';
import { pageText } from '../../page/text.ts';
import { incidentJson } from './incident-json.ts';

/** Rises when a field is removed or changes its meaning. New fields do not raise it. */
const schemaVersion = '1';

const time = z.iso.datetime();
const text = z.string();

/** Readers must accept fields that they do not know. */
export const pageSchema = z
  .looseObject({
    schemaVersion: z.literal(schemaVersion),
    id: text.min(1).describe('Identifies the message. A second one with the same id is a repeat.'),
    action: z
      .enum(['send', 'edit'])
      .describe('`send`: a new page. `edit`: it replaces an earlier page of the incident.'),
    reason: text.describe(
      'Why it is sent: `first`, `promoted`, `severity-raised`, `escalated`, `cause-changed`, `cause-withdrawn`, `acknowledged`, `resolved`, `reopened`, `revised` and so on.',
    ),
    isPushed: z.boolean().describe('Whether people must be notified.'),
    page: z.looseObject({
      incidentId: text,
      status: z.enum(['open', 'acknowledged', 'resolved']),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      headline: text.max(100).describe('Severity, service, what is wrong, how many, where, likely cause.'),
      cause: text,
      causeKey: text.describe('The service that is blamed. Empty: none.'),
      owner: text,
      onCall: text.optional().describe('Who is on call, and who did not acknowledge. Empty: no escalation policy.'),
      onCallPeople: z.array(z.looseObject({ name: text, contact: text })).optional(),
      escalationStep: z.int().optional().describe('How often it was escalated because nobody acknowledged.'),
      routing: text.optional().describe('The rule of people that decided where it goes. Empty: none.'),
      runbook: text,
      path: text,
      evidence: z.array(text),
      change: text,
      changeReason: text,
      impact: text,
      alternatives: text,
      refutation: text,
      past: text,
      link: z.url(),
      footer: text,
      text: text.describe('All of it as plain text.'),
    }),
    incident: z
      .looseObject({
        id: text,
        revision: z.int(),
        status: z.enum(['open', 'acknowledged', 'resolved']),
        scope: z.looseObject({ tenant: text, environment: text }),
        title: text,
        severity: z.enum(['critical', 'error', 'warning', 'info']),
        startedAt: time,
        detectedAt: time,
        updatedAt: time,
        resolvedAt: time.nullable(),
        verdict: z.enum(['identified', 'inconclusive']),
        evidenceState: z.enum(['pending', 'provisional', 'settled']),
        alertCount: z.int(),
        firingCount: z.int(),
        alerts: z.array(z.looseObject({ fingerprint: text, name: text, status: text, severity: text, entity: text })),
        hypotheses: z.array(
          z.looseObject({
            rank: z.int(),
            probability: z.number().min(0).max(1),
            cause: z.looseObject({ service: text, instance: text, kind: text }),
            path: z.array(text),
          }),
        ),
      })
      .describe('The incident as the API sends it.'),
  })
  .meta({ title: 'A page of Faultline, version 1' });

export function pageJson(message: ChannelMessage): Readonly<Record<string, unknown>> {
  const { idempotencyKey: id, action, reason, isPushed, page, incident } = message;
  const { mentions: _mentions, people, ...shown } = page;
  const onCallPeople = people.map(({ team: name, contact }) => ({ name, contact }));
  return {
    schemaVersion,
    id,
    action,
    reason,
    isPushed,
    page: { ...shown, onCallPeople, text: pageText(page) },
    incident: incidentJson(incident),
  };
}
