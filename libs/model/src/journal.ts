/** The inputs of the core as the journal keeps them, in the order in which the core took them. Kinds are persisted. */
import type { Alert } from './alert.ts';
import type { Change, DeclaredGraph } from './change.ts';
import type { Command } from './command.ts';
import type { EvidenceResult } from './evidence.ts';
import type { WorkloadFinding } from './workload-finding.ts';

export type Input =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'graph'; readonly graph: DeclaredGraph }
  | { readonly kind: 'finding'; readonly finding: WorkloadFinding }
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'answer'; readonly answer: EvidenceResult }
  | { readonly kind: 'tick' }
  /** The settings from here on. A replay must decide by the same ones. */
  | { readonly kind: 'config'; readonly config: Readonly<Record<string, unknown>> }
  /** The whole state at this point, written when an incident opens while none was open. An export can begin here. */
  | { readonly kind: 'checkpoint'; readonly records: readonly StateRecord[] };

/** One record of a scope's state: its key and its value as JSON. */
export interface StateRecord {
  readonly key: string;
  readonly value: string;
}

/** One entry of the journal. `atMs` is when the host took the input: the only clock of the core. */
export interface JournalEntry {
  readonly scopeKey: string;
  readonly seq: number;
  readonly atMs: number;
  readonly input: Input;
}
