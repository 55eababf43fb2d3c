/**
 * Decides which member of a group holds which partition: evenly, and moving as few partitions as possible. `holders[p]`
 * is the current or last holder of partition p; it may have left. Members are in the order they joined. The same input
 * always gives the same output. Without members every entry is undefined.
 */
export function decideAssignment<Member>(
  holders: readonly (Member | undefined)[],
  members: readonly Member[],
): (Member | undefined)[] {
  const held = new Map<Member, number>(members.map((member) => [member, 0]));
  const quota = quotas(holders.length, members);
  const assigned = holders.map((holder) => {
    if (holder === undefined) return undefined;
    const count = held.get(holder);
    if (count === undefined || count >= (quota.get(holder) ?? 0)) return undefined;
    held.set(holder, count + 1);
    return holder;
  });
  return assigned.map((holder) => {
    const next = holder ?? members.find((member) => (held.get(member) ?? 0) < (quota.get(member) ?? 0));
    if (holder === undefined && next !== undefined) held.set(next, (held.get(next) ?? 0) + 1);
    return next;
  });
}

/** How many partitions each member gets. When they do not divide evenly, the first members get one more. */
function quotas<Member>(partitions: number, members: readonly Member[]): Map<Member, number> {
  const share = Math.floor(partitions / Math.max(members.length, 1));
  const rest = partitions - share * members.length;
  return new Map(members.map((member, index) => [member, share + (index < rest ? 1 : 0)]));
}
