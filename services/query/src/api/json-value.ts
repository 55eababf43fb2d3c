/** Values as proto3 JSON writes them. */

/** RFC 3339 in the canonical form of proto3 JSON: no fraction when it is zero. */
export function rfc3339(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** Null stays null: proto3 JSON reads it as not set. */
export function rfc3339OrNull(ms: number | null): string | null {
  return ms === null ? null : rfc3339(ms);
}

/** JSON has no NaN and no infinity. Both become 0. */
export function finite(value: number): number {
  return Number.isFinite(value) ? value : 0;
}
