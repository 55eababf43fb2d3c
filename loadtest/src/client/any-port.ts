/** Configuration for tests and benchmarks: every listener takes a free port. */
export const anyPort = {
  http: { port: 0 },
  ingest: { otlpHttp: { port: 0 }, otlpGrpc: { port: 0 } },
  query: { port: 0 },
} as const;
