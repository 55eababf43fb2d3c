import { AppError } from '@faultline/runtime';

/** The services that one process may run, downstream first: the order in which they start; they stop in the reverse. */
export const serviceNames = ['notifier', 'correlator', 'recorder', 'query', 'ingest'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Reads a comma-separated list; all services when it is absent. Throws ALL_UNKNOWN_SERVICE naming the service and the choices. */
export function parseServiceNames(list: string | undefined): ReadonlySet<ServiceName> {
  if (list === undefined) return new Set(serviceNames);
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !serviceNames.some((known) => known === name));
  if (unknown !== undefined)
    throw new AppError(
      'ALL_UNKNOWN_SERVICE',
      `--only: no service named ${unknown}; there are ${serviceNames.join(', ')}`,
      { kind: 'permanent' },
    );
  return new Set(names as ServiceName[]);
}
