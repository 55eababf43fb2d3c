/** Sets damaged parts aside while the store runs, and reports all that are: in the log, in health and to listeners. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Health, Logger } from '@faultline/runtime';
import type { Engine } from '../engine.ts';
import { damageCodes } from './codes.ts';
import { listDamagedDefinitions } from './metadata.ts';
import { type DamagedPart, detachDamaged, listDetached } from './parts.ts';

export interface DamageWatchOptions {
  readonly engine: Pick<Engine, 'select' | 'command'>;
  /** Folder of the embedded engine. */
  readonly folder: string;
  readonly logger: Logger;
  readonly health: Health | undefined;
}

export type DamageListener = (part: DamagedPart) => void;

/** Name of the part in health. */
const healthPart = 'store-damage';
const missingPart = 'store-folder';
const lookEveryMs = 1000;
/** Parts that health names. It counts the others. */
const maxNamed = 10;

export class DamageWatch {
  readonly #options: DamageWatchOptions;
  readonly #known = new Map<string, DamagedPart>();
  readonly #listeners = new Set<DamageListener>();
  #round: Promise<void> | null = null;
  #errorsSeen = 0;
  /** Looks for the folder while it is missing. */
  #missing: NodeJS.Timeout | null = null;

  constructor(options: DamageWatchOptions) {
    this.#options = options;
  }

  /** Calls the listener with every part that is set aside, now and later. Returns the function that ends it. */
  listen(listener: DamageListener): () => void {
    this.#listeners.add(listener);
    for (const part of this.#known.values()) listener(part);
    return () => void this.#listeners.delete(listener);
  }

  /** Reports what is set aside, such as what the engine found at its start. Rejects as the engine does. */
  async report(): Promise<void> {
    const { engine, folder } = this.#options;
    for (const part of [...listDamagedDefinitions(folder), ...(await listDetached(engine))]) this.#add(part);
    this.#setHealth();
  }

  /** Looks for damage and sets it aside. Joins a round under way. A failure is logged, since the next error starts another. */
  check(): Promise<void> {
    this.#round ??= this.#runRound().finally(() => {
      this.#round = null;
    });
    return this.#round;
  }

  /** Starts a round when the engine has met damage since the last call, such as in a merge, which fails in silence. */
  async checkBackground(): Promise<void> {
    if (!this.#findFolder()) return;
    const errors = await countDamageErrors(this.#options.engine);
    const hasNew = errors > this.#errorsSeen;
    this.#errorsSeen = errors;
    if (hasNew) await this.check();
  }

  async #runRound(): Promise<void> {
    const { engine, logger } = this.#options;
    if (!this.#findFolder()) return;
    try {
      await detachDamaged(engine, () => this.#findFolder());
      await this.report();
      this.#errorsSeen = await countDamageErrors(engine);
    } catch (error) {
      logger.warn('looking for damaged parts of the store failed', { error: String(error) });
    }
  }

  #add(part: DamagedPart): void {
    const key = `${part.table}/${part.part}`;
    if (this.#known.has(key)) return;
    this.#known.set(key, part);
    const message = 'a damaged part of the store was set aside; evidence goes on without its rows';
    this.#options.logger.error(message, { ...part, range: rangeText(part) });
    for (const listener of this.#listeners) listener(part);
  }

  /** Whether the folder is there. While it is not, nothing is set aside: the engine finds its files by path, and goes on when they are back. */
  #findFolder(): boolean {
    const { folder, health, logger } = this.#options;
    const isThere = existsSync(join(folder, 'metadata'));
    if (isThere === (this.#missing === null)) return isThere;
    if (this.#missing !== null) {
      clearInterval(this.#missing);
      this.#missing = null;
      health?.remove(missingPart);
      logger.info('the folder of the store is back', { folder });
      return true;
    }
    this.#missing = setInterval(() => this.#findFolder(), lookEveryMs).unref();
    logger.error('the folder of the store is missing', { folder });
    const detail = `the folder ${folder} is missing, so no telemetry can be read or recorded. Faultline goes on by itself when it is back. Check the mount`;
    health?.set(missingPart, { ok: false, detail });
    return false;
  }

  #setHealth(): void {
    const parts = [...this.#known.values()];
    if (parts.length === 0) return;
    const named = parts.slice(0, maxNamed).map((part) => `${part.table} ${part.part} (${rangeText(part)})`);
    const more = parts.length > maxNamed ? ` and ${parts.length - maxNamed} more` : '';
    const detail = `damaged parts of the store were set aside, and evidence goes on without them: ${named.join(', ')}${more}. Their files are in ${parts[0]?.folder ?? ''} and the like. Check the disk; remove the files when nobody needs them and restart`;
    this.#options.health?.set(healthPart, { ok: false, detail });
  }

  stop(): void {
    this.#options.health?.remove(healthPart);
    if (this.#missing !== null) clearInterval(this.#missing);
    this.#options.health?.remove(missingPart);
    this.#listeners.clear();
  }
}

function rangeText({ rows, fromMs, toMs }: DamagedPart): string {
  const count = rows === null ? 'rows unknown' : `${rows} rows`;
  return fromMs === null || toMs === null ? count : `${count}, ${dayOf(fromMs)} to ${dayOf(toMs - 1)}`;
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** How often the engine has met damage since its start, in queries, inserts and merges. */
async function countDamageErrors(engine: Pick<Engine, 'select'>): Promise<number> {
  const codes = [...damageCodes].join(', ');
  const [row] = await engine.select<{ errors: number }>({
    sql: `SELECT toFloat64(sum(value)) AS errors FROM system.errors WHERE code IN (${codes})`,
    params: {},
  });
  return row?.errors ?? 0;
}
