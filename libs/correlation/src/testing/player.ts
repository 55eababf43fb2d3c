/** One scope's machine as a test drives it. */
import type { EvidenceQuery, Input, Scope } from '@faultline/model';
import { parseCoreConfig } from '../state/config.ts';
import type { Effect } from '../state/effect.ts';
import { createState, loadState, snapshotState } from '../state/load.ts';
import type { ScopeState } from '../state/state.ts';
import { createCore } from '../step.ts';
import { nextDeadlineMs } from '../take-tick.ts';
import { describeEffect, Names } from './print.ts';
import { stubRanker } from './stub-ranker.ts';

export const originMs = 1_700_000_000_000;
export const scope: Scope = { tenant: 't', environment: '' };

/** One scope's machine with its changelog, as a host would keep it. */
export class Player {
  readonly core = createCore(stubRanker);
  state: ScopeState = createState(scope);
  readonly changelog = new Map<string, string>();
  readonly names = new Names();
  readonly inputs: { readonly atMs: number; readonly input: Input }[] = [];
  readonly effects: Effect[] = [];
  atMs = originMs;
  #tickAtMs = Number.POSITIVE_INFINITY;

  /** Most scenarios answer only the queries that they are about, so nothing is read again by itself. */
  constructor() {
    this.state.config = parseCoreConfig({});
    this.changelog.set('config', JSON.stringify(this.state.config));
  }

  /** Takes one input now. Returns the visible effects, one line each. */
  give(input: Input): string[] {
    this.inputs.push({ atMs: this.atMs, input });
    if (input.kind === 'tick') this.#tickAtMs = Number.POSITIVE_INFINITY;
    const { state, effects } = this.core.step(this.state, { atMs: this.atMs, input });
    this.state = state;
    for (const effect of effects) this.#perform(effect);
    return effects.flatMap((effect) => describeEffect(effect, this.names)).map((text) => `${this.clock()} ${text}`);
  }

  /** Lets time pass, with its ticks. */
  passTo(atMs: number): string[] {
    const lines: string[] = [];
    while (this.#tickAtMs <= atMs) {
      this.atMs = Math.max(this.atMs, this.#tickAtMs);
      lines.push(...this.give({ kind: 'tick' }));
    }
    this.atMs = atMs;
    return lines;
  }

  /** Drops the state and loads it from the changelog. The line says whether it is the same. */
  restart(): string {
    const before = JSON.stringify(snapshotState(this.state));
    const records = [...this.changelog].map(([key, value]) => ({ key, value })).reverse();
    this.state = loadState(scope, records);
    this.#tickAtMs = nextDeadlineMs(this.state) ?? Number.POSITIVE_INFINITY;
    const same = before === JSON.stringify(snapshotState(this.state));
    const open = this.state.queries.size;
    return `${this.clock()} restarted: ${same ? 'the same state' : 'ANOTHER STATE'}, ${open} open queries`;
  }

  query(incidentId: string): EvidenceQuery | undefined {
    return [...this.state.queries.values()].find((query) => query.incidentId === incidentId);
  }

  clock(): string {
    return `+${(this.atMs - originMs) / 1000}s`;
  }

  #perform(effect: Effect): void {
    this.effects.push(effect);
    if (effect.kind === 'timer') this.#tickAtMs = Math.min(this.#tickAtMs, effect.atMs);
    if (effect.kind !== 'save') return;
    if (effect.value === null) this.changelog.delete(effect.key);
    else this.changelog.set(effect.key, effect.value);
  }
}
