import { AppError, isSameSite } from '@faultline/runtime';
import type { FastifyRequest } from 'fastify';

/**
 * Refuses commands that a page of another site makes a browser send. Without tokens nothing else would stop them. Reads pass: browsers keep
 * their answers from other sites. Throws QUERY_FORBIDDEN.
 */
export function refuseOtherSites(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (request.method === 'GET' || origin === undefined) return;
  if (isSameSite(origin, host ?? '')) return;
  throw new AppError('QUERY_FORBIDDEN', 'commands from a page of another site are refused', {
    kind: 'permanent',
    httpStatus: 403,
  });
}
