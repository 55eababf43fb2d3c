/** Prometheus remote write, 1.0 and 2.0: the samples that a Prometheus, an agent or another sender would write to a store. */
import type { MetricPoint } from '@faultline/model';
import type { EncodedItems } from '../../encode/encoded-items.ts';
import type { Sender } from '../../sender-cache.ts';
import {
  type Decoded,
  defineRoute,
  type Outcome,
  type Problem,
  type Reply,
  refuse,
  type SourceContext,
  type SourceRequest,
  type Telemetry,
  type WrittenCounts,
} from '../../source.ts';
import { defineSource } from '../../source-definition.ts';
import type { Steps } from '../../steps.ts';
import { badItems, createItemSpend, refusalOf } from '../otlp/decoding.ts';
import { itemRules } from '../otlp/validity.ts';
import { encodeSamples } from './batch.ts';
import { decodeWrite } from './decode.ts';
import type { DecodeOptions } from './decoding.ts';
import { pointLabels, senderOf } from './subject.ts';
import { mediaTypeOfWrites, messageNames, type Version, versionOf } from './version.ts';

/** Points with the senders that they are about; the index of a point's resource is that of its sender. */
interface Points {
  readonly senders: readonly Sender[];
  readonly items: EncodedItems<MetricPoint>;
}

function* decode(request: SourceRequest, context: SourceContext): Steps<Decoded<Points>> {
  const version = versionOf(request.headers['content-type'] ?? request.contentType);
  if (version === null) {
    const messages = messageNames.map((name) => `proto=${name}`).join(' or ');
    return refuse(415, 'INGEST_CONTENT_TYPE', `Content-Type: expected ${mediaTypeOfWrites}, with ${messages}`);
  }
  try {
    const batch = yield* decodeWrite(request.bytes, optionsOf(version, request, context));
    const { senders, items, bad, badCount, written } = batch;
    const refused = badItems(bad, badCount, encodeSamples);
    // A receiver of version 1.0 does not count, and its senders do not ask.
    const counts: { written?: WrittenCounts } = version === '1.0' ? {} : { written };
    return { ok: true, items: { senders, items }, bad: refused, notes: [], ...counts };
  } catch (error) {
    return refusalOf(error);
  }
}

function optionsOf(version: Version, request: SourceRequest, context: SourceContext): DecodeOptions {
  const { config, senders } = context;
  const { limits, replicaLabels } = config;
  const { receivedAtMs, tenant } = request;
  return {
    version,
    tenant,
    rules: itemRules({ limits, senders, receivedAtMs, spendItem: createItemSpend(context) }),
    types: senders.metricTypes,
    senderOf: (labels) => senderOf(labels, { request, context }),
    attributesOf: (labels, sender) => pointLabels(labels, sender, replicaLabels),
  };
}

/** Namespaces are learned from all of a request before any of its names is decided. */
function metricsOf({ senders, items }: Points, context: SourceContext): Telemetry<MetricPoint> {
  for (const sender of senders) sender.learn(context.serviceNames);
  const resources = senders.map((sender) => sender.resource('', '', context));
  context.senders.makeRoom();
  return { resources, items };
}

/** Prometheus retries neither: 204 when all is written, 400 when something is refused for good. */
function replyAccepted({ bad, written }: Outcome): Reply {
  const headers = writtenHeaders(written);
  if (bad === null) return { status: 204, headers, contentType: plainText, body: '' };
  const [problem] = bad.problems;
  const body = `${bad.count} refused, the others are written. The first: ${problem?.reason ?? ''}\n`;
  return { status: 400, headers, contentType: plainText, body };
}

function replyRefused(status: number, { code, reason }: Problem): Reply {
  return { status, contentType: plainText, body: `${code}: ${reason}\n` };
}

const plainText = 'text/plain; charset=utf-8';

function writtenHeaders(written: WrittenCounts = {}): Record<string, string> {
  const entries = Object.entries(written);
  return Object.fromEntries(
    entries.map(([kind, count]) => [`x-prometheus-remote-write-${kind}-written`, String(count)]),
  );
}

const name = 'prometheus-remote-write';

export const prometheusRemoteWrite = defineSource({
  name,
  title: 'Prometheus remote write',
  kinds: ['telemetry'],
  routes: ['/ingest/prometheus/api/v1/write', '/api/v1/write'].map((path) =>
    defineRoute<Points>({
      path,
      signal: 'metrics',
      limit: 'telemetry',
      bodyType: mediaTypeOfWrites,
      decode,
      normalise: (points, _request, context) => ({ metrics: metricsOf(points, context) }),
      replyAccepted,
      replyRefused,
    }),
  ),
  docs: {
    summary:
      'Samples of Prometheus, its agent mode, Grafana Alloy, vmagent and other senders of remote write, in version 1.0 (`prometheus.WriteRequest`) and 2.0 (`io.prometheus.write.v2.Request`).',
    setup: [
      'Add an entry to `remote_write` in the configuration of Prometheus, as below. It keeps its own storage and rules.',
      'Give each Prometheus `external_labels` for its environment and cluster, such as `env` and `cluster`.',
      'With Prometheus 3, choose 2.0 with `protobuf_message: io.prometheus.write.v2.Request`, and start it with `--enable-feature=metadata-wal-records`, so that each series says its type.',
      'Leave out with `write_relabel_configs` what nobody needs in an incident, such as `_bucket` series.',
    ],
    snippet: {
      language: 'yaml',
      text: `# prometheus.yml
global:
  external_labels:
    env: production
    cluster: eu-1
remote_write:
  - url: https://FAULTLINE/ingest/prometheus/api/v1/write
    authorization:
      credentials_file: /etc/prometheus/faultline-token
    send_native_histograms: true
`,
    },
    reads: [
      "The series' own labels: they name service, pod, node, database and environment by the rules that also hold for alerts. What an exporter reports is about its subject, not about the exporter",
      '`job` and `instance`, as `service.name` and `service.instance.id` of the target, as a collector that scrapes writes them',
      'Samples at any time within `ingest.limits.maxAgeMs`, in any order',
      'The type: of the metadata of a series (2.0), of the metadata that came before (1.0), or by the name. `_total`, `_count`, `_sum` and `_bucket` count up; anything else, and what a recording rule with a colon in its name makes, is a gauge',
      'Native histograms, with exponential and with custom buckets. Counts of float histograms are rounded',
      'Start times of counters and histograms (2.0)',
      'Staleness markers: the series ends. They are no values',
    ],
    ignores: [
      'Labels of replicas (`ingest.replicaLabels`): the samples of two replicas make one series',
      'Exemplars. The answer confirms them, as the protocol asks, and nothing keeps them',
      'Help texts and units: names of metrics end in the unit',
      'That `_bucket`, `_sum` and `_count` of a classic histogram belong together: a sender may split them over requests, so each is a counter of its own. Native histograms are whole',
    ],
  },
});
