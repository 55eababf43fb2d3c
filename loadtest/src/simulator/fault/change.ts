/** Deployments and configuration changes, and the instance names that follow from them. */

import type { Instance, Service } from '../system/system.ts';
import type { Sender } from '../telemetry/telemetry.ts';

export interface Change {
  readonly kind: 'deploy' | 'config';
  readonly service: string;
  readonly atMs: number;
  readonly version: string;
  readonly previousVersion: string;
  readonly actor: string;
  readonly summary: string;
  /** A canary replaces only the first instance. */
  readonly canary: boolean;
  /** Suffix of the new instances' names. */
  readonly suffix: string;
}

/** The name and version of an instance at a time. A deployment renames its instances. */
export function senderAt(
  service: Service,
  instance: Instance,
  site: { atMs: number; changes: readonly Change[] },
): Sender {
  const { node, cluster } = instance;
  const change = site.changes.findLast(
    (one) =>
      one.kind === 'deploy' && one.service === service.name && one.atMs <= site.atMs && isIn(one, service, instance),
  );
  const name =
    change === undefined || service.role === 'database'
      ? instance.name
      : `${service.name}-${change.suffix}-${instance.name.slice(-5)}`;
  return {
    service: service.name,
    instance: name,
    node: node.name,
    zone: node.zone,
    cluster,
    version: change?.version ?? service.version,
  };
}

function isIn({ canary }: Change, service: Service, instance: Instance): boolean {
  return !canary || service.instances[0] === instance;
}
