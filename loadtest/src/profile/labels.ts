/** The attributes that SDKs and agents add to every resource and span. They are most of the bytes. */
import { createHash } from 'node:crypto';
import type { Sender, SentSpan } from '../simulator/telemetry/telemetry.ts';

/** Attributes of a container that an agent on Kubernetes describes. */
export function resourceLabels({ service, instance, node }: Sender): Record<string, string> {
  const id = createHash('sha256').update(instance).digest('hex');
  return {
    'deployment.environment.name': 'production',
    'k8s.namespace.name': 'shop',
    'k8s.deployment.name': service,
    'k8s.pod.uid': `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-9${id.slice(17, 20)}-${id.slice(20, 32)}`,
    'container.id': id,
    'container.image.name': `registry.example/shop/${service}`,
    'host.name': node,
    'os.type': 'linux',
    'process.pid': '1',
    'process.runtime.name': 'OpenJDK Runtime Environment',
    'process.runtime.version': '21.0.8+9-LTS',
    'telemetry.sdk.language': 'java',
    'telemetry.sdk.name': 'opentelemetry',
    'telemetry.sdk.version': '1.54.1',
  };
}

/** Attributes of an instrumented request. One of them is unique. */
export function spanLabels({ spanId, name, kind }: SentSpan): Record<string, string> {
  const serial = Number.parseInt(spanId.slice(0, 6), 16);
  const shared = {
    'http.request.method': 'GET',
    'network.protocol.version': '1.1',
    'server.port': '8080',
    'thread.id': String(serial % 64),
    'thread.name': `http-nio-8080-exec-${serial % 64}`,
  };
  if (kind !== 'server') return { ...shared, 'url.full': `http://upstream:8080/api/v1/${name}?id=${serial}` };
  return {
    ...shared,
    'http.route': `/api/v1/${name}`,
    'url.path': `/api/v1/${name}/${serial}`,
    'url.scheme': 'http',
    'client.address': `10.0.${serial % 200}.${serial % 250}`,
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  };
}
