import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { describe, expect, it } from 'vitest';
import type { CatalogueEntry } from '../api/client.ts';
import type { DeadLetter, LedgerRow } from '../api/types.generated.ts';
import { anIncident } from '../testing/incident.ts';
import { fieldsOf, headersOf, MappingPage, type MappingPageProps } from './mapping.tsx';
import { SourcesPage, type SourcesPageProps } from './page.tsx';
import { incidentOfTest, rateText, replayText, snippetFor, sourceRows, testWay, unheard } from './rows.ts';

const nowMs = Date.parse('2026-03-01T14:16:00Z');
const row = (source: string, over: Partial<LedgerRow> = {}): LedgerRow => ({
  source,
  signal: 'alerts',
  accepted: 10,
  inIncidents: 0,
  recorded: 0,
  duplicates: 0,
  suppressed: 0,
  deadLettered: 0,
  pending: 0,
  alertKinds: {},
  suppressedBy: {},
  lastHeard: '2026-03-01T14:10:00Z',
  perMinute: 3,
  ...over,
});
const refusal = (source: string, reason: string): DeadLetter => ({
  id: '1',
  source,
  signal: 'alerts',
  items: 1,
  code: 'INGEST_INVALID',
  reason,
  receivedAt: null,
  contentType: '',
  payload: '',
  payloadBytes: 0,
});
const entry = (name: string, over: Partial<CatalogueEntry> = {}): CatalogueEntry => ({
  name,
  title: name.toUpperCase(),
  kinds: ['alerts'],
  paths: [`/ingest/${name}`],
  summary: `Alerts of ${name}.`,
  setup: ['Point it at `https://FAULTLINE/ingest/x`.'],
  snippet: '',
  expression: '$',
  ...over,
});
const catalogue = { sources: [entry('grafana'), entry('zabbix')], keepsPayloads: false };
const textOf = (markup: string) => markup.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

describe('rows', () => {
  it('the one heard last comes first, and the newest refusal says why', () => {
    const refusals = [refusal('grafana', 'alerts[0].name: expected a text'), refusal('grafana', 'older')];
    const rows = sourceRows(
      [
        row('never', { lastHeard: null }),
        row('grafana', { deadLettered: 2, lastHeard: '2026-03-01T14:15:00Z' }),
        row('zabbix'),
        row('', { pending: 1 }),
      ],
      refusals,
    );
    expect(rows.map(({ source }) => source)).toEqual(['grafana', 'zabbix', 'never']);
    expect(rows[0]?.why).toBe('alerts[0].name: expected a text [INGEST_INVALID]');
  });

  it('each refusal can be sent again once', () => {
    const refusals = ['1', '2', '1'].map((id) => ({ ...refusal('grafana', 'why'), id }));
    const rows = sourceRows([row('grafana', { deadLettered: 3 }), row('zabbix')], refusals);
    expect(rows.map(({ refusedIds }) => refusedIds)).toEqual([['1', '2'], []]);
    const failed = { id: '2', replayed: false, text: 'no name' };
    expect(replayText({ replayed: 1, results: [{ ...failed, replayed: true }, failed] })).toBe(
      '1 of 2 sent again. no name',
    );
    expect(replayText({ replayed: 0, results: [] })).toBe('0 of 0 sent again');
  });

  it('sources that were never heard are offered', () => {
    expect(unheard(catalogue, sourceRows([row('grafana')], [])).map(({ name }) => name)).toEqual(['zabbix']);
  });

  it('the snippet has the address of this Faultline; without one it is the address', () => {
    expect(snippetFor(entry('a', { snippet: 'url: https://FAULTLINE/ingest/a' }), 'http://f:8080')).toBe(
      'url: http://f:8080/ingest/a',
    );
    expect(snippetFor(entry('a'), 'http://f:8080')).toBe('http://f:8080/ingest/a');
  });

  it.each([
    [0, '0'],
    [0.2, '< 1'],
    [12.4, '12'],
  ])('a rate of %d is %s', (rate, text) => expect(rateText(rate)).toBe(text));
});

describe('the way of a test', () => {
  const service = 'faultline-test-ab12';
  const incident = anIncident({ title: `Faultline test alert on ${service}` });

  it('is found by the service', () => {
    expect(incidentOfTest([anIncident(), incident], service)).toBe(incident);
    expect(incidentOfTest([anIncident()], service)).toBeUndefined();
  });

  it('goes from the door to the page and its end', () => {
    const done = (of: Parameters<typeof testWay>[1]) => testWay('/ingest/json', of).map(({ isDone }) => isDone);
    const stages = { ...anIncident().stages, paged: '2026-03-01T14:02:00Z' } as typeof incident.stages;
    expect(done(undefined)).toEqual([true, false, false, false]);
    expect(done({ ...incident, stages: null })).toEqual([true, true, false, false]);
    expect(done({ ...incident, stages })).toEqual([true, true, true, false]);
    expect(done({ ...incident, stages, status: 'resolved' })).toEqual([true, true, true, true]);
  });
});

describe('the sources page', () => {
  const page = (over: Partial<SourcesPageProps> = {}) =>
    renderToString(
      h(SourcesPage, {
        rows: sourceRows([row('grafana', { deadLettered: 1, pending: 4 })], [refusal('grafana', 'no <b>name</b>')]),
        catalogue,
        showsRefusals: true,
        test: null,
        problem: '',
        origin: 'http://f:8080',
        nowMs,
        onTest: () => {},
        onReplay: () => {},
        ...over,
      }),
    );

  it('shows when each source was heard, its rate, what waits, and why it was refused, as text', () => {
    expect(textOf(page())).toMatch(/GRAFANA alerts .* 6 min ago 3 4 1 no &lt;b>name&lt;\/b> \[INGEST_INVALID\]/);
    expect(page()).toContain('href="/mapping/grafana"');
    expect(page()).not.toContain('<b>name');
  });

  it('offers to send refused bodies again where there are any', () => {
    expect(page({ rows: sourceRows([row('grafana', { deadLettered: 1 })], [refusal('grafana', 'why')]) })).toContain(
      'Send again',
    );
    expect(page({ rows: sourceRows([row('grafana')], []) })).not.toContain('Send again');
  });

  it('says what it cannot show', () => {
    expect(textOf(page({ catalogue: null }))).toContain('The list of sources could not be read');
    expect(textOf(page({ showsRefusals: false }))).toContain('shown to administrators');
    expect(page({ problem: 'expected an access token' })).toContain('<p role="alert">expected an access token</p>');
  });

  it('shows how far a test got', () => {
    const test = { service: 's', door: '/ingest/json', incident: undefined };
    expect(textOf(page({ test }))).toContain('✓ taken by /ingest/json … an incident of its own is open');
  });
});

describe('the mapping page', () => {
  const page = (over: Partial<MappingPageProps> = {}) =>
    renderToString(
      h(MappingPage, {
        fields: { source: 'grafana', expression: '$', body: '{}', headers: '' },
        catalogue,
        payloads: [],
        result: null,
        problem: '',
        onFields: () => {},
        onTry: () => {},
        ...over,
      }),
    );
  const result = { ok: true, problem: '', items: [], notes: [], refused: [], missingHeaders: [] };

  it('shows what would be stored, and what is wrong', () => {
    const items = [{ type: 'alert', title: 'disk full', fields: [{ name: 'severity', value: 'critical' }] }];
    expect(textOf(page({ result: { ...result, items } }))).toContain('alert disk full severity critical');
    const failed = page({ result: { ...result, ok: false, problem: 'mapping: there is no function $nope' } });
    expect(failed).toContain('<p role="alert">mapping: there is no function $nope</p>');
    expect(textOf(page({ result: { ...result, missingHeaders: ['x-github-event'] } }))).toContain('x-github-event');
  });

  it('offers bodies of the last day, or says which setting keeps them', () => {
    expect(textOf(page())).toContain('ingest.keptPayloadBytes');
    const kept = { ...catalogue, keepsPayloads: true };
    expect(textOf(page({ catalogue: kept }))).toContain('None came in the last day');
    const payload = { id: '1', receivedAt: '2026-03-01T14:10:00Z', outcome: '1 taken', body: '{"a":1}', headers: {} };
    expect(textOf(page({ catalogue: kept, payloads: [payload] }))).toMatch(/1 Mar, \d\d:\d\d 1 taken Use it/);
  });

  it('cannot be tried without a body or a mapping', () => {
    expect(page()).not.toMatch(/<button[^>]*disabled[^>]*>Try it/);
    expect(page({ fields: { source: '', expression: '$', body: '', headers: '' } })).toMatch(/disabled[^>]*>Try it/);
  });

  it('reads headers line by line, and writes those of a kept body so', () => {
    expect(headersOf('X-GitHub-Event = push\n\nno header\na=b=c')).toEqual({ 'x-github-event': 'push', a: 'b=c' });
    const { body, headers } = fieldsOf({ body: '{"a":1}', headers: { 'x-event': 'push' } });
    expect(headersOf(headers)).toEqual({ 'x-event': 'push' });
    expect(body).toBe('{\n  "a": 1\n}');
  });
});
