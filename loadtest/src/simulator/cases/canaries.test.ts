import { expect, it } from 'vitest';
import { generateCase } from './generate-case.ts';

const seeds = [1, 2, 3, 4];
const cases = seeds.map((seed) => generateCase(seed, { labels: 'canaries' }));

/** As far as these tests read it. */
interface ExportRequest {
  readonly resourceMetrics: readonly {
    readonly resource: { readonly attributes: readonly { key: string; value: { stringValue: string } }[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly { name: string; histogram?: Histogram }[] }[];
  }[];
}
interface Histogram {
  readonly dataPoints: readonly { count: string; bucketCounts: readonly string[] }[];
}

async function requestsOf(seed: number): Promise<ExportRequest[]> {
  const streams = cases[seeds.indexOf(seed)]?.streams(0) ?? [];
  const all: ExportRequest[] = [];
  for (const { requests } of streams) for await (const request of requests) all.push(request as ExportRequest);
  return all;
}

it('six services are released within a minute, and one of them is guilty', () => {
  for (const one of cases) {
    const changes = one.changes(0);
    expect(one.truth?.change).not.toBeNull();
    expect(changes.length).toBeGreaterThanOrEqual((one.truth?.innocent ?? []).length + 1);
  }
  expect(Math.max(...cases.map(({ truth }) => truth?.innocent.length ?? 0))).toBeGreaterThanOrEqual(5);
});

it('sends metrics alone', () => {
  for (const one of cases) expect(new Set(one.streams(0).map(({ signal }) => signal))).toEqual(new Set(['metrics']));
});

it('a release replaces one instance, whose histograms start anew and only grow', async () => {
  const requests = (await requestsOf(1)).flatMap(({ resourceMetrics }) => resourceMetrics);
  const counts = new Map<string, number[]>();
  for (const { resource, scopeMetrics } of requests)
    for (const { metrics } of scopeMetrics)
      for (const { histogram } of metrics) {
        const pod = resource.attributes.find(({ key }) => key === 'k8s.pod.name')?.value.stringValue ?? '';
        const [first] = histogram?.dataPoints ?? [];
        if (first === undefined) continue;
        expect(first.bucketCounts.reduce((sum, one) => sum + Number(one), 0)).toBe(Number(first.count));
        counts.set(pod, [...(counts.get(pod) ?? []), Number(first.count)]);
      }
  expect(counts.size).toBeGreaterThan(10);
  for (const ofPod of counts.values()) expect(ofPod).toEqual(ofPod.toSorted((a, b) => a - b));
});
