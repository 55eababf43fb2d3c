/** Whether the attributes of a counter of requests tell that these failed at the server. */

/** HTTP, as instrumentation libraries, proxies and meshes name it. */
const httpStatus =
  /(?:^|,)(?:code|status|status_code|http_status_code|http\.response\.status_code|http\.status_code|response_code)=(\d{3}|[1-5]xx)(?:,|$)/i;
/** gRPC, by name and by number: unknown, deadline exceeded, unimplemented, internal, unavailable, data loss. */
const grpcStatus = /(?:^|,)(?:grpc_code|grpc_status|rpc\.grpc\.status_code|rpc\.response\.status_code)=(\w+)(?:,|$)/i;
const failingGrpc = /^(?:2|4|1[2-5]|unknown|deadline_?exceeded|unimplemented|internal|unavailable|data_?loss)$/i;
/** Micrometer. */
const outcome = /(?:^|,)outcome=(\w+)(?:,|$)/i;

/** Null where they tell no status. `attributes` is `k=v,k=v`. */
export function failingStatus(attributes: string): boolean | null {
  const http = httpStatus.exec(attributes)?.[1];
  if (http !== undefined) return http.startsWith('5');
  const grpc = grpcStatus.exec(attributes)?.[1];
  if (grpc !== undefined) return failingGrpc.test(grpc);
  const told = outcome.exec(attributes)?.[1];
  return told === undefined ? null : told.toUpperCase() === 'SERVER_ERROR';
}
