import type { AppAddresses } from './app.ts';
import type { ServiceName } from './service-list.ts';

export interface Announcement {
  readonly addresses: AppAddresses;
  readonly services: ReadonlySet<ServiceName>;
  /** `json`: one object in one line, for a supervisor. */
  readonly format: 'json' | 'human' | 'auto';
}

/** The text on stdout after the start: the address of every listener. */
export function announcementOf({ addresses, services, format }: Announcement): string {
  if (format === 'json')
    return `${JSON.stringify({ message: 'Faultline is up', services: [...services], ...addresses })}\n`;
  const { http, otlpGrpc, otlpHttp, queryGrpc } = addresses;
  const lines = [
    `Faultline is up.`,
    `  ${servedOverHttp(services).padEnd(22)}  ${http}/`,
    ...(otlpGrpc === null ? [] : [`  OTLP over gRPC          ${otlpGrpc}`]),
    ...(otlpHttp === null ? [] : [`  OTLP over HTTP          ${otlpHttp}`]),
    ...(queryGrpc === null ? [] : [`  query API over gRPC     ${queryGrpc}`]),
  ];
  return `${lines.join('\n')}\n`;
}

function servedOverHttp(services: ReadonlySet<ServiceName>): string {
  if (services.has('query')) return services.has('ingest') ? 'console, API, webhooks' : 'console, API';
  return services.has('ingest') ? 'webhooks' : 'health, metrics';
}
