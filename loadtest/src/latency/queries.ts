/** Keeps heavy queries in flight: the call graph and the health of services over an hour, and past incidents. */
const paths = (services: number, turn: number): string =>
  [
    '/api/v1/graph?environment=bench',
    `/api/v1/entities/service-${turn % services}?environment=bench`,
    '/api/v1/incidents?history=true&pageSize=100',
  ][turn % 3] ?? '';

export interface Queries {
  readonly http: string;
  readonly tenant: string;
  readonly services: number;
  readonly inFlight: number;
}

/** Returns the function that ends them, which returns how many were answered. */
export function startQueries({ http, tenant, services, inFlight }: Queries): () => number {
  let isRunning = true;
  let answered = 0;
  const headers = { 'x-scope-orgid': tenant };
  const loop = async (first: number): Promise<void> => {
    for (let turn = first; isRunning; turn += inFlight) {
      const answer = await fetch(http + paths(services, turn), { headers }).catch(() => null);
      await answer?.arrayBuffer().catch(() => null);
      answered += 1;
    }
  };
  for (let number = 0; number < inFlight; number++) void loop(number);
  return () => {
    isRunning = false;
    return answered;
  };
}
