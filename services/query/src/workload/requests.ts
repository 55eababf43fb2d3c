import { changeKinds } from '@faultline/model';
import { z } from 'zod';
import { anyOf, flag, pageSize, pageToken, requiredText, text, time } from '../api/field.ts';

/** The limits of names are those of the API server. */
const name = () => text(253);
const page = { pageSize: pageSize(500, 100), pageToken: pageToken() };

/** The worst first. */
export const workloadStates = ['failing', 'rolling-out', 'warning', 'scaled-down', 'healthy'] as const;

export const listWorkloadsRequest = z.strictObject({
  search: text().describe('A part of the name, namespace, service, team, application or image.'),
  cluster: name(),
  namespace: name(),
  state: anyOf(workloadStates),
  ...page,
});
export type ListWorkloadsRequest = z.output<typeof listWorkloadsRequest>;

export const getWorkloadRequest = z.strictObject({
  namespace: requiredText(253),
  name: requiredText(253),
  cluster: name().describe('Needed only where several clusters have a workload of this name.'),
  kind: name().describe('Needed only where workloads of several kinds have this name.'),
});
export type GetWorkloadRequest = z.output<typeof getWorkloadRequest>;

export const listChangesRequest = z.strictObject({
  cluster: name(),
  namespace: name(),
  service: name().describe('The service or the workload that the change is of.'),
  objectKind: name().describe('The kind of the object that changed, such as `Secret`.'),
  objectName: name().describe('The name of the object that changed.'),
  kind: anyOf(changeKinds),
  source: text(),
  environment: text(100),
  from: time().describe('Changes that began in this range. Default: one day before `to`.'),
  to: time().describe('Default: now.'),
  ...page,
});
export type ListChangesRequest = z.output<typeof listChangesRequest>;

const ofWorkload = { cluster: name(), namespace: name(), name: name(), kind: name(), team: text() };

export const listDriftRequest = z.strictObject({
  ...ofWorkload,
  against: anyOf(['cluster', 'declared', 'past']),
  state: anyOf(['open', 'accepted']).describe('Default: open.'),
  risk: anyOf(['high', 'medium', 'low']),
  ...page,
});
export type ListDriftRequest = z.output<typeof listDriftRequest>;

export const acceptDriftRequest = z.strictObject({
  id: requiredText().describe('The id of the difference.'),
  reason: requiredText(2000).describe('Why the difference may stay.'),
  until: time().describe('In the future, at most a year away. The difference is open again from then on.'),
  actor: text().describe('Name of the person. With tokens, the name of the token counts, on behalf of this person.'),
  idempotencyKey: text().describe('Two requests with the same key are one.'),
});
export type AcceptDriftRequest = z.output<typeof acceptDriftRequest>;

export const listRightsizingRequest = z.strictObject({
  ...ofWorkload,
  recommended: flag().describe('Only containers that have a recommendation.'),
  ...page,
});
export type ListRightsizingRequest = z.output<typeof listRightsizingRequest>;
