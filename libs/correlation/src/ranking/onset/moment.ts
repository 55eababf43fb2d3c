/** Times in ms since the epoch. The time between `beforeToMs` and `duringFromMs` is the gap: it belongs to neither window. */
export interface Onset {
  readonly atMs: number;
  readonly beforeToMs: number;
  readonly duringFromMs: number;
  /** Whether anything shifted. If not, `atMs` is only the usual lead before an alert. */
  readonly isSeen: boolean;
}
