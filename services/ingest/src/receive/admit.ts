/** Who sends, and whether there is room: before a byte of the body is read. Then the body, within its limits. */
import type { Authenticator } from '@faultline/runtime';
import { type ByteBudget, createByteBudget, type Lease } from '../body/budget.ts';
import { decompressBody } from '../body/decompress.ts';
import { type Body, cutOff, overloaded, readBody } from '../body/read.ts';
import type { IngestConfig } from '../config.ts';
import type { Route } from '../source.ts';
import type { OpenCall, Step } from './call.ts';
import { decideTenant, type TenantDecision } from './identity.ts';
import { decideSigner } from './signer.ts';
import { createTurns, type Turns } from './turns.ts';

export interface AdmitOptions {
  readonly config: IngestConfig;
  readonly authenticator: Authenticator;
}

/** A body that may be handled, and for whom. */
export interface Admitted {
  readonly bytes: Buffer;
  readonly tenant: string;
}

export interface Admission {
  /** Reads the body of a sender that may send. The lease holds its bytes until the caller releases it. */
  admit(call: OpenCall, lease: Lease): Promise<Step<Admitted>>;
  open(call: OpenCall): Lease;
}

export function createAdmission(options: AdmitOptions): Admission {
  const pools = createPools(options.config);
  const poolOf = (call: OpenCall) => pools[poolNameOf(call, options)];
  return {
    open: (call) => poolOf(call).budget.open(call.incoming.connection),
    admit: async (call, lease) => {
      const early = needsBody(call, options) ? null : identify(call, call.incoming.token, options);
      if (early?.ok === false) return early;
      const body = await wholeBody(call, { lease, turns: poolOf(call).inflating, config: options.config });
      if (!body.ok) return body;
      const tenant = early ?? identifyByBody(call, body.bytes, options);
      return tenant.ok ? { ok: true, value: { bytes: body.bytes, tenant: tenant.tenant } } : tenant;
    },
  };
}

type PoolName = 'telemetry' | 'alert' | 'unknown';

/** What senders of one kind share. Each kind has its own, so that none takes the room of another. */
interface Pool {
  readonly budget: ByteBudget;
  /** A body being inflated is not yet counted: only a few may be at once. */
  readonly inflating: Turns;
}

function createPools({ limits }: IngestConfig): Readonly<Record<PoolName, Pool>> {
  const pool = (maxBytes: number, inflating: number): Pool => ({
    budget: createByteBudget({ maxBytes, maxConnectionBytes: limits.connectionBytes }),
    inflating: createTurns(inflating),
  });
  return {
    telemetry: pool(limits.inFlightBytes, 2),
    alert: pool(limits.alertInFlightBytes, 8),
    unknown: pool(limits.unknownInFlightBytes, 2),
  };
}

function poolNameOf(call: OpenCall, options: AdmitOptions): PoolName {
  if (options.authenticator.enabled && needsBody(call, options)) return 'unknown';
  return call.route.limit;
}

/** True when the body decides who sends: it holds the token, or it is signed. */
function needsBody({ incoming, source, route }: OpenCall, { authenticator, config }: AdmitOptions): boolean {
  if (canDecide(incoming.token, authenticator)) return false;
  const mustSign = route.signature !== undefined && config.signingSecrets.some((entry) => entry.source === source.name);
  return mustSign || route.bodyToken !== undefined;
}

/** A token stands in for a signature only where tokens are checked. Else anybody could invent one and skip the signature. */
function canDecide(token: string | null, authenticator: Authenticator): boolean {
  return token !== null && authenticator.enabled;
}

function identifyByBody(call: OpenCall, bytes: Buffer, options: AdmitOptions): TenantDecision {
  const { source, route, incoming } = call;
  const bodyToken = route.bodyToken?.(bytes) ?? null;
  if (canDecide(bodyToken, options.authenticator) || route.signature === undefined)
    return identify(call, bodyToken, options);
  const { signingSecrets } = options.config;
  const signed = decideSigner(source.name, route.signature, { bytes, headers: incoming.headers }, signingSecrets);
  return signed ?? identify(call, null, options);
}

function identify(call: OpenCall, token: string | null, { authenticator, config }: AdmitOptions): TenantDecision {
  const orgId = call.incoming.headers['x-scope-orgid'];
  return decideTenant({
    authenticator,
    source: call.source.name,
    token,
    orgId,
    defaultTenant: config.defaultTenant,
  });
}

interface BodyOptions {
  readonly lease: Lease;
  readonly turns: Turns;
  readonly config: IngestConfig;
}

async function wholeBody({ route, incoming }: OpenCall, { lease, turns, config }: BodyOptions): Promise<Body> {
  const limits = bodyLimits(route, config);
  const open = await incoming.body.open();
  if (open === null) return cutOff;
  const sent = await readBody(open, limits.sentBytes, lease);
  if (!sent.ok || isPlain(open.encoding)) return sent;
  const inflated = await turns.run(() =>
    decompressBody(sent.bytes, open.encoding, { maxBytes: limits.bytes, ratio: config.limits.decompressionRatio }),
  );
  return inflated.ok && !lease.reserve(inflated.bytes.length) ? overloaded : inflated;
}

function isPlain(encoding: string | undefined): boolean {
  return encoding === undefined || encoding === '' || encoding === 'identity';
}

/** Most bytes of a body as sent, and once decompressed. */
export function bodyLimits(route: Route, { limits }: IngestConfig): { sentBytes: number; bytes: number } {
  return route.limit === 'telemetry'
    ? { sentBytes: limits.telemetryBodyBytes, bytes: limits.telemetryDecompressedBytes }
    : { sentBytes: limits.alertBodyBytes, bytes: limits.alertBodyBytes };
}
