/** `GET /api/v1/on-call`: who is on call now, by each schedule. */
import { type Authenticator, bearerToken, type Clock, mayActAs } from '@faultline/runtime';
import type { FastifyPluginAsync } from 'fastify';
import type { OnCallNow, Roster } from './roster.ts';

export interface OnCallRoutesOptions {
  readonly roster: Pick<Roster, 'now'>;
  readonly clock: Clock;
  /** Left out: no token is asked for, as where none is configured. */
  readonly authenticator?: Authenticator | undefined;
}

/** Schedules belong to the installation, so every tenant's viewers see all of them. */
export function onCallRoutes({ roster, clock, authenticator }: OnCallRoutesOptions): FastifyPluginAsync {
  return async (server) => {
    server.get('/api/v1/on-call', (request, reply) => {
      if (authenticator?.enabled === true) {
        const identity = authenticator.identify(bearerToken(request.headers.authorization));
        if (identity === null)
          return reply.code(401).send({ code: 'NOTIFIER_UNAUTHENTICATED', message: 'expected an access token' });
        if (!mayActAs(identity.role, 'viewer'))
          return reply
            .code(403)
            .send({ code: 'NOTIFIER_FORBIDDEN', message: `this needs a token with role viewer, not ${identity.role}` });
      }
      return reply.send({ schedules: roster.now(clock()).map(scheduleJson) });
    });
  };
}

function scheduleJson({ schedule, people, untilMs, problem }: OnCallNow) {
  return { schedule, people, until: untilMs === null ? null : new Date(untilMs).toISOString(), problem };
}
