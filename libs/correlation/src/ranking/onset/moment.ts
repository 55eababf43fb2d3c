/** Times in ms since the epoch. What lies between `beforeToMs` and `duringFromMs` counts neither as before nor as during. */
export interface Onset {
  readonly atMs: number;
  readonly beforeToMs: number;
  readonly duringFromMs: number;
  /** Whether anything moved; else `atMs` is only the usual lead before an alert. */
  readonly isSeen: boolean;
}
