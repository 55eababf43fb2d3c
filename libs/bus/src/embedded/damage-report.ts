import type { Health, Logger } from '@faultline/runtime';
import { createDamageCounter } from './metrics.ts';
import type { DamagedSegment } from './protocol.ts';

export interface DamageReportOptions {
  readonly folder: string;
  readonly logger: Logger;
  readonly health: Health | undefined;
  /** Files that were set aside earlier and are still there. */
  readonly files: readonly string[];
}

/** Reports damaged segments in the log lines, the metrics and health. Health shows them until the files are removed. */
export class DamageReport {
  readonly #options: DamageReportOptions;
  readonly #files: Set<string>;
  readonly #count = createDamageCounter();

  constructor(options: DamageReportOptions) {
    this.#options = options;
    this.#files = new Set(options.files);
    this.#setHealth();
  }

  add({ topic, file, from, to }: DamagedSegment): void {
    const lost = to.map((end, partition) => `${partition}: ${from?.[partition] ?? 'unknown'} to ${end}`);
    const message = 'a damaged file of the log was set aside; its records are lost';
    this.#options.logger.error(message, { topic, file, offsetsByPartition: lost.join(', ') });
    this.#count(topic);
    this.#files.add(file);
    this.#setHealth();
  }

  #setHealth(): void {
    const { folder, health } = this.#options;
    if (this.#files.size === 0) return;
    const names = [...this.#files].sort().join(', ');
    const detail = `damaged files of the log in ${folder} were set aside and their records are lost: ${names}. Check the disk; remove the files when nobody needs them and restart`;
    health?.set('bus', { ok: false, detail });
  }

  stop(): void {
    this.#options.health?.remove('bus');
  }
}
