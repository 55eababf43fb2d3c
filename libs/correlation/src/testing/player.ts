/** One scope's machine as a test drives it. */
import type { EvidenceQuery, Input, Scope } from '@faultline/model';
import type { Effect } from '../state/effect.ts';
import { createState, loadState, snapshotState } from '../state/load.ts';
import type { ScopeState } from '../state/state.ts';
import { createCore } from '../step.ts';
import { nextDeadlineMs } from '../take-tick.ts';
import { describeEffect, Names } from './print.ts';
import { standIn } from './stand-in.ts';

export const originMs = 1_700_000_000_000;
export const scope: Scope = { tenant: 't', environment: 'prod' };

/** One scope's machine, with a changelog beside it, as a shell would keep it. */
export class Player {
  readonly core = createCore(standIn);
  state: ScopeState = createState(scope);
  readonly changelog = new Map<string, string>();
  readonly names = new Names();
  readonly inputs: { readonly atMs: number; readonly input: Input }[] = [];
  readonly effects: Effect[] = [];
  atMs = originMs;
  #wakeAtMs = Number.POSITIVE_INFINITY;

  /** Gives one input now; the visible effects, one line each. */
  give(input: Input): string[] {
    this.inputs.push({ atMs: this.atMs, input });
    if (input.kind === 'tick') this.#wakeAtMs = Number.POSITIVE_INFINITY;
    const { state, effects } = this.core.step(this.state, { atMs: this.atMs, input });
    this.state = state;
    for (const effect of effects) this.#keep(effect);
    return effects.flatMap((effect) => describeEffect(effect, this.names)).map((text) => `${this.clock()} ${text}`);
  }

  /** Lets time pass, with its ticks. */
  passTo(atMs: number): string[] {
    const lines: string[] = [];
    while (this.#wakeAtMs <= atMs) {
      this.atMs = Math.max(this.atMs, this.#wakeAtMs);
      lines.push(...this.give({ kind: 'tick' }));
    }
    this.atMs = atMs;
    return lines;
  }

  /** Drops the state and loads it from the changelog. Says whether it is the same. */
  restart(): string {
    const before = JSON.stringify(snapshotState(this.state));
    const records = [...this.changelog].map(([key, value]) => ({ key, value })).reverse();
    this.state = loadState(scope, records);
    this.#wakeAtMs = nextDeadlineMs(this.state) ?? Number.POSITIVE_INFINITY;
    const same = before === JSON.stringify(snapshotState(this.state));
    const open = this.state.queries.size;
    return `${this.clock()} restarted: ${same ? 'the same state' : 'ANOTHER STATE'}, ${open} open queries`;
  }

  question(incidentId: string): EvidenceQuery | undefined {
    return [...this.state.queries.values()].find((question) => question.incidentId === incidentId);
  }

  clock(): string {
    return `+${(this.atMs - originMs) / 1000}s`;
  }

  #keep(effect: Effect): void {
    this.effects.push(effect);
    if (effect.kind === 'timer') this.#wakeAtMs = Math.min(this.#wakeAtMs, effect.atMs);
    if (effect.kind !== 'save') return;
    if (effect.value === null) this.changelog.delete(effect.key);
    else this.changelog.set(effect.key, effect.value);
  }
}
