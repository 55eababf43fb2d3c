import { AppError } from '@faultline/runtime';

/** The services of one process in the order of their start. They stop in the reverse order. */
export const serviceNames = ['notifier', 'correlator', 'recorder', 'query', 'ingest', 'kube'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Parses a comma-separated list. Without one: all services. Throws ALL_UNKNOWN_SERVICE, which names the service and the choices. */
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

/** Those that run: the Kubernetes source does only where it is configured. */
export function runningServices(
  only: ReadonlySet<ServiceName>,
  { kube }: { readonly kube: { readonly enabled: boolean } },
): ReadonlySet<ServiceName> {
  return new Set([...only].filter((name) => name !== 'kube' || kube.enabled));
}
