import { silentLogger } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { assignerProtocol } from './kafkajs.ts';
import { Membership } from './membership.ts';

const { MemberAssignment } = assignerProtocol;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A member of a group that another member shares out: each join gives it `partitions`, and `onSync` is called before it is told. */
function memberOf({ partitions, onSync }: { readonly partitions: readonly number[]; readonly onSync: () => void }) {
  const calls: string[] = [];
  const answers: Record<string, () => unknown> = {
    JoinGroup: () => ({ generationId: calls.length, leaderId: 'other', memberId: 'us', members: [] }),
    SyncGroup: () => {
      onSync();
      return { memberAssignment: MemberAssignment.encode({ version: 0, assignment: { spans: [...partitions] } }) };
    },
  };
  const client = {
    callCoordinator: async (_kind: string, _id: string, api: string) => {
      calls.push(api);
      return answers[api]?.();
    },
    close: () => {},
  };
  return { client, joins: () => calls.filter((api) => api === 'JoinGroup').length };
}

test.each([
  ['before they are told', true],
  ['after they are told', false],
])(
  'a member whose loops return %s that their partitions move joins again, so that others get them',
  async (_, isBefore) => {
    let held = [0, 1];
    const letGo = () => {
      held = [0];
    };
    const { client, joins } = memberOf({ partitions: [0], onSync: isBefore ? letGo : () => {} });
    const membership = new Membership({
      client,
      group: 'recorder',
      topics: ['spans'],
      partitionCount: 2,
      sessionTimeoutMs: 60_000,
      heartbeatMs: 60_000,
      rebalanceTimeoutMs: 60_000,
      logger: silentLogger,
      onAssigned: async () => letGo(),
      heldPartitions: () => held,
    });
    for (let index = 0; index < 20; index++) await turn();
    // The second time nothing more is given up.
    expect(joins()).toBe(2);
    await membership.leave();
  },
);
