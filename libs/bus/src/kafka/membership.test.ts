import { silentLogger } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { assignerProtocol } from './kafkajs.ts';
import { Membership } from './membership.ts';

const { MemberAssignment } = assignerProtocol;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A member that another member leads: each join assigns it `partitions`. `onSync` is called before the response. */
function memberOf({ partitions, onSync }: { readonly partitions: readonly number[]; readonly onSync: () => void }) {
  const calls: string[] = [];
  const responses: Record<string, () => unknown> = {
    JoinGroup: () => ({ generationId: calls.length, leaderId: 'other', memberId: 'us', members: [] }),
    SyncGroup: () => {
      onSync();
      return { memberAssignment: MemberAssignment.encode({ version: 0, assignment: { spans: [...partitions] } }) };
    },
  };
  const client = {
    callCoordinator: async (_kind: string, _id: string, api: string) => {
      calls.push(api);
      return responses[api]?.();
    },
    close: () => {},
  };
  return { client, joins: () => calls.filter((api) => api === 'JoinGroup').length };
}

test.each([
  ['before they are told to stop', true],
  ['after they are told to stop', false],
])(
  'a member whose loops return %s that their partitions move joins again, so that others get them',
  async (_, isBefore) => {
    let held = [0, 1];
    const release = () => {
      held = [0];
    };
    const { client, joins } = memberOf({ partitions: [0], onSync: isBefore ? release : () => {} });
    const membership = new Membership({
      client,
      group: 'recorder',
      topics: ['spans'],
      partitionCount: 2,
      sessionTimeoutMs: 60_000,
      heartbeatMs: 60_000,
      rebalanceTimeoutMs: 60_000,
      logger: silentLogger,
      onAssigned: async () => release(),
      heldPartitions: () => held,
    });
    for (let index = 0; index < 20; index++) await turn();
    // In the second round nothing more is revoked.
    expect(joins()).toBe(2);
    await membership.leave();
  },
);
