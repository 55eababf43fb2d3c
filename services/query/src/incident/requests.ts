import { causeKinds, remediationKinds, severities, triageLevels } from '@faultline/model';
import { z } from 'zod';
import { anyOf, flag, pageSize, pageToken, requiredText, revision, text, time } from '../api/field.ts';

const id = requiredText().describe("The incident's id.");
const view = z
  .enum(['full', 'summary', ''])
  .default('full')
  .transform((word) => (word === '' ? 'full' : word))
  .describe('`summary`: without alerts, graph, timeline, changes and evidence.');

export const listIncidentsRequest = z.strictObject({
  status: anyOf(['open', 'acknowledged', 'resolved']),
  severity: anyOf(severities),
  triage: anyOf(triageLevels),
  environment: text(),
  service: text().describe('A service that is the likely cause or has an alert.'),
  startedAfter: time(),
  startedBefore: time(),
  history: flag().describe('All past incidents from the store, instead of the open and recently resolved ones.'),
  view,
  pageSize: pageSize(200, 50),
  pageToken: pageToken(),
});
export type ListIncidentsRequest = z.output<typeof listIncidentsRequest>;

export const listStageTimesRequest = z.strictObject({
  from: time().describe('Months whose first day is in this range. Default: the last twelve months.'),
  to: time(),
});
export type ListStageTimesRequest = z.output<typeof listStageTimesRequest>;

export const getIncidentRequest = z.strictObject({ id });

export const listIncidentAlertsRequest = z.strictObject({ id, pageSize: pageSize(1000, 100), pageToken: pageToken() });
export type ListIncidentAlertsRequest = z.output<typeof listIncidentAlertsRequest>;

export const watchIncidentsRequest = z.strictObject({
  id: text(),
  afterRevision: revision().default(0).describe('With `id`: skip revisions up to and including this one.'),
  resumeToken: text(2000).describe(
    'The token of the last message received: continue after it. Over HTTP `Last-Event-ID` does the same.',
  ),
  view,
});
export type WatchIncidentsRequest = z.output<typeof watchIncidentsRequest>;

const command = {
  id,
  expectedRevision: revision()
    .optional()
    .describe('The revision that the sender saw. The command is refused when there is a newer one.'),
  idempotencyKey: text().describe('Two commands with the same key are one command.'),
  actor: text().describe(
    'Name of the person, for the timeline. With tokens, the name of the token counts, on behalf of this person.',
  ),
};
export const commandRequest = z.strictObject(command);
export type CommandRequest = z.output<typeof commandRequest>;
export const resolveRequest = z.strictObject({ ...command, resolution: text(2000).describe('What fixed it.') });
export type ResolveRequest = z.output<typeof resolveRequest>;
export const splitRequest = z.strictObject({ ...command, alertFingerprints: z.array(requiredText()).min(1).max(1000) });
export type SplitRequest = z.output<typeof splitRequest>;
export const mergeRequest = z.strictObject({ ...command, otherIncidentId: requiredText() });
export type MergeRequest = z.output<typeof mergeRequest>;
export const pinCauseRequest = z.strictObject({ ...command, service: requiredText(), kind: z.enum(causeKinds) });
export type PinCauseRequest = z.output<typeof pinCauseRequest>;
export const causeRequest = z.strictObject({
  ...command,
  service: requiredText().describe('The service of a hypothesis.'),
});
export type CauseRequest = z.output<typeof causeRequest>;
export const recordRemediationRequest = z.strictObject({
  ...command,
  kind: z.enum(remediationKinds),
  target: text(200).describe('What it was done to. Empty: what the evidence blames.'),
  worked: flag().describe('Whether it helped.'),
});
export type RecordRemediationRequest = z.output<typeof recordRemediationRequest>;
export const addNoteRequest = z.strictObject({ ...command, text: requiredText(5000) });
export type AddNoteRequest = z.output<typeof addNoteRequest>;
