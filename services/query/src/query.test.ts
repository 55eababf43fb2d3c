import { codecs, type LedgerTotals } from '@faultline/model';
import { anAlert, anIncident, incidentRecord } from '@faultline/model/testing';
import type { Authenticator, Identity } from '@faultline/runtime';
import { afterEach, expect, it } from 'vitest';
import { commitAsCorrelator, type Harness, type HarnessOptions, startHarness } from './testing/harness.ts';

const started: Harness[] = [];
afterEach(async () => {
  for (const harness of started.splice(0)) await harness.stop();
});

async function start(options: HarnessOptions = {}): Promise<Harness> {
  const harness = await startHarness(options);
  started.push(harness);
  return harness;
}

const withIncidents = (...incidents: ReturnType<typeof anIncident>[]): HarnessOptions => ({
  prepare: (bus) => bus.publish(incidents.map(incidentRecord)),
});

const get = async (harness: Harness, url: string, headers = {}) => {
  const response = await harness.http.inject({ url: `/api/v1${url}`, headers });
  return { status: response.statusCode, body: response.json() };
};

it('an incident reads as the contract says', async () => {
  const harness = await start(withIncidents(anIncident()));
  const { body } = await get(harness, '/incidents/inc-1');
  expect(body).toMatchObject({
    id: 'inc-1',
    revision: 3,
    status: 'open',
    scope: { tenant: 'default', environment: 'production' },
    title: 'HighLatency on checkout',
    severity: 'critical',
    startedAt: '2026-03-01T14:02:00Z',
    detectedAt: '2026-03-01T14:02:02Z',
    updatedAt: '2026-03-01T14:02:05Z',
    verdict: 'identified',
    missingEvidence: ['no metrics from orders-db'],
  });
  const keys = {
    alerts: 'fingerprint,name,status,startsAt,labels,entity,reason',
    hypotheses: 'rank,probability,since,cause,change,path,evidence,refutation',
    changes: 'id,kind,entity,startedAt,actor,summary,url,verdict,reason',
    similar: 'incidentId,similarity,cause,resolution,minutesToRecovery',
    owners: 'team,contact,why',
  };
  for (const [list, wanted] of Object.entries(keys))
    expect(Object.keys(body[list][0]), list).toEqual(expect.arrayContaining(wanted.split(',')));
  expect(body.hypotheses[0].cause).toEqual({ service: 'orders-db', instance: 'orders-db-0', kind: 'latency' });
  expect(body.hypotheses[0].change.id).toBe('c1');
  expect(Object.keys(body.hypotheses[0].evidence[0]).sort().join()).toBe(
    'before,during,entity,kind,query,summary,weight',
  );
  expect(body.hypotheses[0].evidence[0].query).toMatch(
    /^WITH[\s\S]*FROM edge_windows\nWHERE Tenant = 'default' AND Environment IN \('default', 'production'\)[\s\S]*Callee = 'orders-db'/,
  );
  expect(body.graph.edges[0]).toEqual({
    from: 'orders',
    to: 'orders-db',
    calls: 120,
    errorRatio: 0.25,
    p95Ms: 310,
    source: 'trace',
    lastSeen: '2026-03-01T14:02:04Z',
  });
});

it('pages through a listing without repeating or losing one', async () => {
  const incidents = Array.from({ length: 7 }, (_, index) =>
    anIncident({ id: `inc-${index}`, startedAtMs: 1000 * Math.floor(index / 3) }),
  );
  const harness = await start(withIncidents(...incidents));
  const seen: string[] = [];
  let pageToken = '';
  do {
    const { body } = await get(harness, `/incidents?pageSize=2&pageToken=${pageToken}`);
    seen.push(...body.incidents.map(({ id }: { id: string }) => id));
    pageToken = body.nextPageToken;
  } while (pageToken !== '');
  expect(seen).toEqual(['inc-6', 'inc-3', 'inc-4', 'inc-5', 'inc-0', 'inc-1', 'inc-2']);
});

it('a page ends before it is too large for a client to take, and goes on after what it holds', async () => {
  const many = Array.from({ length: 100 }, (_, index) => ({ ...anAlert(index), reason: 'long '.repeat(1_800) }));
  const incidents = Array.from({ length: 9 }, (_, index) => anIncident({ id: `inc-${index}`, alerts: many }));
  const harness = await start(withIncidents(...incidents));
  const seen: string[] = [];
  let pageToken = '';
  do {
    // Over gRPC: a client there refuses more than 4 MiB.
    const page = await harness.grpc('IncidentService/ListIncidents', { pageToken });
    const { incidents: listed = [], nextPageToken = '' } = page as {
      incidents?: { id: string }[];
      nextPageToken?: string;
    };
    expect(listed.length).toBeLessThan(9);
    seen.push(...listed.map(({ id }) => id));
    pageToken = nextPageToken;
  } while (pageToken !== '');
  expect(seen.sort()).toEqual(incidents.map(({ id }) => id));
});

it('filters, and a summary carries no alerts', async () => {
  const harness = await start(withIncidents(anIncident(), anIncident({ id: 'inc-2', status: 'resolved' })));
  const { body } = await get(harness, '/incidents?status=open,acknowledged&service=orders-db&view=summary');
  expect(body.incidents).toMatchObject([{ id: 'inc-1', alerts: [], alertCount: 2 }]);
});

it('without the store: open incidents and their alerts are there, history is unavailable', async () => {
  const harness = await start(
    withIncidents(anIncident(), anIncident({ id: 'big', alertCount: 300, alerts: [anAlert(0)] })),
  );
  harness.history.down = true;
  const statuses = await Promise.all(
    ['/incidents', '/incidents/inc-1', '/incidents/inc-1/alerts', '/ledger', '/incidents/big'].map(
      async (url) => (await get(harness, url)).status,
    ),
  );
  expect(statuses).toEqual([200, 200, 200, 200, 200]);
  for (const url of ['/incidents?history=true', '/incidents/big/alerts', '/incidents/old', '/graph', '/entities/a'])
    expect(await get(harness, url), url).toMatchObject({ status: 503, body: { status: 'UNAVAILABLE' } });
});

it('history comes from the store, and so does an incident that memory no longer holds', async () => {
  const harness = await start();
  harness.history.incidents = [anIncident({ id: 'a', status: 'resolved' }), anIncident({ id: 'b', status: 'open' })];
  const listed = await get(harness, '/incidents?history=true&status=resolved');
  expect(listed.body.incidents.map(({ id }: { id: string }) => id)).toEqual(['a']);
  expect(await get(harness, '/incidents/a')).toMatchObject({ status: 200, body: { id: 'a' } });
  expect(await get(harness, '/incidents/c')).toMatchObject({ status: 404 });
});

it('all alerts of a big incident come from the store, page by page', async () => {
  const harness = await start(withIncidents(anIncident({ alertCount: 250, alerts: [anAlert(0)] })));
  harness.history.alerts = Array.from({ length: 250 }, (_, index) => anAlert(index));
  const first = await get(harness, '/incidents/inc-1/alerts?pageSize=200');
  const second = await get(harness, `/incidents/inc-1/alerts?pageSize=200&pageToken=${first.body.nextPageToken}`);
  expect([first.body.alerts.length, second.body.alerts.length, second.body.nextPageToken]).toEqual([200, 50, '']);
});

it('a tenant sees and touches only its own', async () => {
  const identities: Record<string, Identity> = {
    a: { name: 'a', tenant: 'a', source: null, role: 'admin' },
    b: { name: 'b', tenant: 'b', source: null, role: 'admin' },
    sender: { name: 'sender', tenant: 'a', source: 'prometheus', role: 'source' },
  };
  const authenticator: Authenticator = { enabled: true, identify: (token) => identities[token ?? ''] ?? null };
  const incident = anIncident({ scope: { tenant: 'a', environment: 'production' } });
  const harness = await start({ ...withIncidents(incident), authenticator, config: { commandTimeoutMs: 0 } });
  const as = (token: string) => ({ authorization: `Bearer ${token}` });
  expect((await get(harness, '/incidents', as('a'))).body.incidents).toHaveLength(1);
  expect((await get(harness, '/incidents', as('b'))).body.incidents).toHaveLength(0);
  expect((await get(harness, '/incidents/inc-1', as('b'))).status).toBe(404);
  expect((await get(harness, '/incidents', { ...as('b'), 'x-scope-orgid': 'a' })).status).toBe(403);
  expect((await get(harness, '/incidents', as('sender'))).status).toBe(403);
  expect((await get(harness, '/incidents', as('wrong'))).status).toBe(401);
  expect((await get(harness, '/incidents')).status).toBe(401);
  await expect(harness.grpc('IncidentService/GetIncident', { id: 'inc-1' })).rejects.toMatchObject({ code: 16 });
  const acknowledged = await harness.http.inject({
    method: 'POST',
    url: '/api/v1/incidents/inc-1/acknowledge',
    headers: as('b'),
  });
  expect(acknowledged.statusCode).toBe(404);
});

it('a declared graph goes to the partition of its tenant, by the one name of its environment', async () => {
  const harness = await start();
  const payload = { source: 'catalogue', environment: 'Prod', edges: [{ from: 'web', to: 'db' }] };
  await harness.http.inject({ method: 'POST', url: '/api/v1/graph', payload });
  const partition = harness.bus.partitionOf('changes', 'default/');
  const declared = [];
  for await (const { value } of harness.bus.read({ topic: 'changes', partition, from: 0n }))
    declared.push(value === null ? null : codecs.declaredGraph.decode(value));
  expect(declared).toMatchObject([{ ok: true, value: { scope: { environment: 'production' } } }]);
});

it('lists the environments that send telemetry', async () => {
  const harness = await start();
  harness.history.known = [
    {
      environment: 'production',
      lastSeenMs: Date.UTC(2026, 2, 1),
      services: 3,
      clusters: ['eu-1'],
      namespaces: ['shop'],
      names: ['Prod', 'production-eu-1'],
    },
  ];
  expect((await get(harness, '/environments')).body).toEqual({
    environments: [
      {
        environment: 'production',
        lastSeen: '2026-03-01T00:00:00Z',
        services: 3,
        clusters: ['eu-1'],
        namespaces: ['shop'],
        names: ['Prod', 'production-eu-1'],
      },
    ],
  });
});

it('the ledger sums writers and counts what is unread', async () => {
  const totals = (writer: string, accepted: number, inIncidents: number): LedgerTotals => ({
    writer,
    source: 'alertmanager',
    signal: 'alerts',
    totals: { accepted, inIncidents, recorded: 0, duplicates: 1, suppressed: 0, deadLettered: 0 },
  });
  const harness = await start({
    prepare: async (bus) => {
      const writers = [
        totals('ingest-1', 10, 0),
        { ...totals('ingest-2', 5, 0), alertKinds: { fault: 1 } },
        {
          ...totals('core-0', 0, 9),
          alertKinds: { heartbeat: 1, fault: 1 },
          suppressedBy: { heartbeat: 1 },
        },
      ];
      await bus.publish(
        writers.map((writer) => ({
          topic: 'ledger',
          key: `${writer.writer}/x`,
          value: codecs.ledgerTotals.encode(writer),
        })),
      );
      const alert = { topic: 'alerts', key: 'a/b', partition: 0, value: new Uint8Array(1) } as const;
      await bus.publish(['1', '1', '3'].map((items) => ({ ...alert, headers: { source: 'alertmanager', items } })));
      await commitAsCorrelator(bus, { topic: 'alerts', partition: 0, offset: 1n });
    },
  });
  const { body } = await get(harness, '/ledger');
  expect(body).toEqual({
    sources: [
      {
        source: 'alertmanager',
        signal: 'alerts',
        accepted: 15,
        inIncidents: 9,
        recorded: 0,
        duplicates: 3,
        suppressed: 0,
        deadLettered: 0,
        pending: 4,
        alertKinds: { fault: 2, heartbeat: 1 },
        suppressedBy: { heartbeat: 1 },
        lastHeard: expect.stringMatching(/^2026-/),
        perMinute: expect.any(Number),
      },
    ],
  });
  await commitAsCorrelator(harness.bus, { topic: 'alerts', partition: 0, offset: 3n });
  expect((await get(harness, '/ledger')).body.sources[0].pending).toBe(0);
});

it('dead letters are listed newest first, page by page', async () => {
  const letter = (id: string) =>
    codecs.deadLetter.encode({
      id,
      source: 'otlp',
      signal: 'spans',
      items: 1,
      code: 'X',
      reason: 'broken',
      receivedAtMs: 1,
      contentType: 'application/json',
      payload: Buffer.from('{}'),
    });
  const harness = await start({
    prepare: (bus) =>
      bus.publish(['1', '2', '3'].map((id) => ({ topic: 'dead-letters', key: 'otlp', value: letter(id) }))),
  });
  const first = await get(harness, '/dead-letters?pageSize=2');
  expect(first.body.deadLetters).toMatchObject([{ id: '3', payload: 'e30=', payloadBytes: 2 }, { id: '2' }]);
  const second = await get(harness, `/dead-letters?pageSize=2&pageToken=${first.body.nextPageToken}`);
  expect(second.body).toMatchObject({ deadLetters: [{ id: '1' }], nextPageToken: '' });
});

it('a page of another site cannot make a browser send a command', async () => {
  const harness = await start({ ...withIncidents(anIncident()), config: { commandTimeoutMs: 0 } });
  const from = async (origin: string) => {
    const headers = { origin, host: '127.0.0.1:8080' };
    const response = await harness.http.inject({ method: 'POST', url: '/api/v1/incidents/inc-1/acknowledge', headers });
    return response.statusCode;
  };
  expect(await from('https://evil.example')).toBe(403);
  expect(await from('null')).toBe(403);
  expect(await from('http://127.0.0.1:8080')).toBe(200);
});

it('a browser signs in once, by a cookie that scripts cannot read', async () => {
  const identities: Record<string, Identity> = {
    admin: { name: 'admin', tenant: 'default', source: null, role: 'admin' },
    sender: { name: 'sender', tenant: 'default', source: 'prometheus', role: 'source' },
  };
  const authenticator: Authenticator = { enabled: true, identify: (token) => identities[token ?? ''] ?? null };
  const harness = await start({ ...withIncidents(anIncident()), authenticator });
  const signIn = (token: string, headers = {}) =>
    harness.http.inject({ method: 'POST', url: '/api/v1/session', payload: { token }, headers });
  const wrong = await signIn('wrong');
  expect([wrong.statusCode, wrong.json().message, wrong.headers['set-cookie']]).toEqual([
    401,
    'that token is not valid',
    undefined,
  ]);
  expect((await signIn('sender')).statusCode).toBe(403);
  expect((await signIn('admin', { origin: 'https://evil.example' })).statusCode).toBe(403);
  const cookie = String((await signIn('admin')).headers['set-cookie']);
  expect(cookie).toBe('faultline_token=admin; Path=/api/v1; Max-Age=2592000; HttpOnly; SameSite=Strict');
  expect(String((await signIn('admin', { 'x-forwarded-proto': 'https' })).headers['set-cookie'])).toMatch(/; Secure$/);
  expect((await get(harness, '/incidents', { cookie: `a=b; ${cookie}` })).body.incidents).toHaveLength(1);
  expect((await get(harness, '/incidents', { cookie: 'faultline_token=%' })).status).toBe(401);
  const signedOut = await harness.http.inject({ method: 'DELETE', url: '/api/v1/session' });
  expect(String(signedOut.headers['set-cookie'])).toMatch(/^faultline_token=; Path=\/api\/v1; Max-Age=0/);
});

it('an open watch does not keep the HTTP server from closing', async () => {
  const harness = await start(withIncidents(anIncident()));
  const address = await harness.http.listen({ port: 0, host: '127.0.0.1' });
  const response = await fetch(`${address}/api/v1/incidents:watch`);
  await harness.http.close();
  expect(await response.text()).toContain('caughtUp');
});

it('stage times of a range are read from the store', async () => {
  const harness = await start();
  const row = { month: '2026-03', team: 'storage', service: 'db', kind: 'disk', stage: 'recovered', incidents: 2 };
  harness.history.stageRows = [{ ...row, meanSeconds: 90.5, p90Seconds: 120 }];
  const { body } = await get(harness, '/stage-times?from=2026-01-01T00:00:00Z');
  expect(body).toEqual({ stageTimes: [{ ...row, meanSeconds: 90.5, p90Seconds: 120 }] });
  expect((await get(harness, '/stage-times?from=soon')).status).toBe(400);
});
