/** What the capacity that a recommendation frees is worth. Pure. */
import type { ContainerKey } from '@faultline/store';
import type { RightsizingConfig } from './config.ts';

/** Hours of a month, as cloud providers bill them. */
const hoursOfMonth = 730;
const gib = 1024 ** 3;

/** Capacity that requests hold and use does not need. */
export interface Freeable {
  readonly cores: number;
  readonly gib: number;
  /** 0 where no price is configured. */
  readonly monthlyPrice: number;
}

export const nothingFreeable: Freeable = { cores: 0, gib: 0, monthlyPrice: 0 };

/** A request and what is recommended in its place. Null: not known. */
export interface Replaced {
  readonly request: number | null;
  readonly recommended: number | null;
}

/** Of all replicas of a container. A request that is too small frees nothing, and takes nothing from what others free. */
export function freeableOf(
  key: Pick<ContainerKey, 'cluster' | 'namespace'>,
  { cpu, memory, replicas }: { readonly cpu: Replaced; readonly memory: Replaced; readonly replicas: number },
  { prices }: Pick<RightsizingConfig, 'prices'>,
): Freeable {
  const cores = excess(cpu) * replicas;
  const memoryGib = (excess(memory) / gib) * replicas;
  const price = prices.find(
    ({ cluster, namespace }) =>
      (cluster === '' || cluster === key.cluster) && (namespace === '' || namespace === key.namespace),
  );
  const hourly = price === undefined ? 0 : cores * price.coreHour + memoryGib * price.gibHour;
  return { cores, gib: memoryGib, monthlyPrice: hourly * hoursOfMonth };
}

export function sumFreeable(all: readonly Freeable[]): Freeable {
  return all.reduce(
    (sum, { cores, gib: memoryGib, monthlyPrice }) => ({
      cores: sum.cores + cores,
      gib: sum.gib + memoryGib,
      monthlyPrice: sum.monthlyPrice + monthlyPrice,
    }),
    nothingFreeable,
  );
}

function excess({ request, recommended }: Replaced): number {
  return request === null || recommended === null ? 0 : Math.max(0, request - recommended);
}
