import type { AppAddresses } from './app.ts';

/** Says on stdout where everything listens, so that a person or a script can go on from there. */
export function announce({ http, otlpGrpc, otlpHttp, queryGrpc }: AppAddresses): void {
  const lines = [
    `Faultline is up.`,
    `  console, API, webhooks  ${http}/`,
    ...(otlpGrpc === null ? [] : [`  OTLP over gRPC          ${otlpGrpc}`]),
    ...(otlpHttp === null ? [] : [`  OTLP over HTTP          ${otlpHttp}`]),
    ...(queryGrpc === null ? [] : [`  query API over gRPC     ${queryGrpc}`]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
