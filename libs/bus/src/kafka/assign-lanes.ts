import { decideAssignment } from '../assignment.ts';

/** A member of a group as it joined: the lanes it holds still, as of which generation of the group. */
export interface Claim {
  readonly member: string;
  readonly generation: number;
  readonly lanes: readonly number[];
}

/**
 * Which member gets which lanes: even, with as little moved as that allows. A lane that must move is given to nobody while its holder still claims
 * it; the holder gives it up, joins again, and the next round hands it on. Of two that claim a lane the later generation counts.
 */
export function assignLanes(laneCount: number, claims: readonly Claim[]): Map<string, number[]> {
  const order = [...claims].sort((a, b) => b.lanes.length - a.lanes.length || (a.member < b.member ? -1 : 1));
  const holders = Array.from({ length: laneCount }, (_, lane) => holderOf(lane, order));
  const wanted = decideAssignment(
    holders,
    order.map(({ member }) => member),
  );
  const assigned = new Map<string, number[]>(claims.map(({ member }) => [member, []]));
  wanted.forEach((member, lane) => {
    const holder = holders[lane];
    if (member !== undefined && (holder === undefined || holder === member)) assigned.get(member)?.push(lane);
  });
  return assigned;
}

function holderOf(lane: number, claims: readonly Claim[]): string | undefined {
  let holder: Claim | undefined;
  for (const claim of claims)
    if (claim.lanes.includes(lane) && claim.generation > (holder?.generation ?? -1)) holder = claim;
  return holder?.member;
}
