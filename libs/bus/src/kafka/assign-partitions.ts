import { decideAssignment } from '../assignment.ts';

/**
 * What a member of the group sends when it joins: the partitions it still holds, and since which generation of the
 * group.
 */
export interface Claim {
  readonly member: string;
  readonly generation: number;
  readonly partitions: readonly number[];
}

/**
 * Decides which member gets which partitions: evenly, and moving as few as possible (cooperative sticky assignment). A
 * partition that must move is assigned to nobody while its holder still claims it. The holder gives it up and joins
 * again, and the next round assigns it. When two members claim a partition, the later generation counts.
 */
export function assignPartitions(partitionCount: number, claims: readonly Claim[]): Map<string, number[]> {
  const order = [...claims].sort((a, b) => b.partitions.length - a.partitions.length || (a.member < b.member ? -1 : 1));
  const holders = Array.from({ length: partitionCount }, (_, partition) => holderOf(partition, order));
  const wanted = decideAssignment(
    holders,
    order.map(({ member }) => member),
  );
  const assigned = new Map<string, number[]>(claims.map(({ member }) => [member, []]));
  wanted.forEach((member, partition) => {
    const holder = holders[partition];
    if (member !== undefined && (holder === undefined || holder === member)) assigned.get(member)?.push(partition);
  });
  return assigned;
}

function holderOf(partition: number, claims: readonly Claim[]): string | undefined {
  let holder: Claim | undefined;
  for (const claim of claims)
    if (claim.partitions.includes(partition) && claim.generation > (holder?.generation ?? -1)) holder = claim;
  return holder?.member;
}
