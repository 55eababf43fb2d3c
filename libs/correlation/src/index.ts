/**
 * The pure machine: alerts, changes, evidence, commands and ticks in; incidents and effects out. No clock, no randomness, no I/O, no
 * promises: lint and tests hold it to that. It does not know where evidence is kept or how a page is sent.
 */
export type { Effect } from './effect.ts';
export type { RankedAlert, Ranking, RankingInput } from './hypothesis/ranking.ts';
