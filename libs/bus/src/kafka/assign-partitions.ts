import { decideAssignment } from '../assignment.ts';

/** A member of a group as it joined: the partitions it holds still, as of which generation of the group. */
export interface Claim {
  readonly member: string;
  readonly generation: number;
  readonly partitions: readonly number[];
}

/**
 * Which member gets which partitions: even, with as little moved as that allows. A partition that must move is given to nobody while its holder still claims
 * it; the holder gives it up, joins again, and the next round hands it on. Of two that claim a partition the later generation counts.
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
