/** Why a list of containers is empty, or has no recommendation or price, and what to send or set. */
import type { ContainerUsage } from '@faultline/store';
import type { RightsizingConfig } from './config.ts';
import { isRecommended } from './json.ts';
import type { ContainerRightsizing } from './rightsizing.ts';

export interface NotedList {
  readonly usage: Pick<ContainerUsage, 'days'>;
  /** Containers that were measured in the last day. */
  readonly measured: readonly ContainerRightsizing[];
  /** Those of them that the request asks for. */
  readonly matching: readonly ContainerRightsizing[];
}

/** What measures the use of a resource: with Prometheus, and with the OpenTelemetry Collector. */
const metricsOf = {
  cpu: '`container_cpu_usage_seconds_total` or `container.cpu.time`',
  memory: '`container_memory_working_set_bytes` or `container.memory.working_set`',
} as const;

const docs = 'docs/rightsizing.md lists the metrics';

/** A sentence each. */
export function notesOf(list: NotedList, config: RightsizingConfig): readonly string[] {
  return [...dataNotes(list, config), ...priceNotes(config)];
}

function dataNotes({ usage, measured, matching }: NotedList, config: RightsizingConfig): readonly string[] {
  if (usage.days.length === 0)
    return [
      `No use of a container that matches was measured in the last ${config.days} days. Send ${metricsOf.cpu}, and ${metricsOf.memory}: ${docs}.`,
      `A recommendation needs ${config.minHours} measured hours (\`rightsizing.minHours\`).`,
    ];
  if (measured.length === 0) {
    const ago = Math.min(...usage.days.map(({ day }) => day));
    return [`No use of a container that matches was measured in the last day; the latest is ${ago} days old.`];
  }
  if (matching.length === 0 && measured.some(isRecommended))
    return [
      `None of ${measured.length} containers has that kind, team or recommendation. Kind and team are known in watched clusters only.`,
    ];
  return measured.some(isRecommended) ? [] : hourNotes(measured, config);
}

/** No container has a recommendation: the one with most data says how many hours are missing. */
function hourNotes(measured: readonly ContainerRightsizing[], { minHours }: RightsizingConfig): readonly string[] {
  return (['cpu', 'memory'] as const).flatMap((resource) => {
    const most = Math.max(...measured.map((container) => container[resource].measuredHours));
    const name = { cpu: 'CPU', memory: 'Memory' }[resource];
    if (most === 0) return [`${name} was not measured. Send ${metricsOf[resource]}: ${docs}.`];
    return most >= minHours
      ? []
      : [
          `${name} was measured in at most ${most} of ${minHours} hours (\`rightsizing.minHours\`); ${minHours - most} are missing.`,
        ];
  });
}

function priceNotes({ prices, currency }: RightsizingConfig): readonly string[] {
  return prices.length > 0
    ? []
    : [`Nothing is priced: set \`rightsizing.prices\`, in ${currency} (\`rightsizing.currency\`).`];
}
