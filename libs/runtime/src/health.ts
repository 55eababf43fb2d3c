export interface HealthStatus {
  readonly ok: boolean;
  /** What is wrong and what to do, for a person; or the normal state. */
  readonly detail: string;
}

export interface HealthReport {
  readonly ok: boolean;
  readonly parts: Readonly<Record<string, HealthStatus>>;
}

/** The health of each part of the process, as reported by the part. A part that never reported is not in the report. */
export class Health {
  readonly #parts = new Map<string, HealthStatus>();

  /** Sets the health of a part. `detail` must not contain a secret, because /healthz shows it. */
  set(name: string, status: HealthStatus): void {
    this.#parts.set(name, status);
  }

  /** Removes a part that was stopped on purpose. */
  remove(name: string): void {
    this.#parts.delete(name);
  }

  /** All parts sorted by name. `ok` when all of them are. */
  report(): HealthReport {
    const parts = [...this.#parts].sort(([a], [b]) => (a < b ? -1 : 1));
    return { ok: parts.every(([, status]) => status.ok), parts: Object.fromEntries(parts) };
  }
}
