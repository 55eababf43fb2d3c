export interface HealthStatus {
  readonly ok: boolean;
  /** What is wrong and what to do, for a person; or what is well. */
  readonly detail: string;
}

export interface HealthReport {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, HealthStatus>>;
}

/** What each part of the process says of itself, by name. A part that never spoke is not in the report. */
export class Health {
  readonly #parts = new Map<string, HealthStatus>();

  /** Sets what a part says now. A `detail` never holds a secret: /healthz shows it. */
  set(name: string, status: HealthStatus): void {
    this.#parts.set(name, status);
  }

  /** Forgets a part: it was stopped on purpose. */
  remove(name: string): void {
    this.#parts.delete(name);
  }

  /** All parts by name, sorted; ok when every one of them is. */
  report(): HealthReport {
    const parts = [...this.#parts].sort(([a], [b]) => (a < b ? -1 : 1));
    return { ok: parts.every(([, status]) => status.ok), parts: Object.fromEntries(parts) };
  }
}
