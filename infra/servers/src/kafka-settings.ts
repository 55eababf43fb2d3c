/** The settings of a test broker: quick to start, quick to notice, small. */
export interface BrokerPlace {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly folder: string;
}

/** The text of one broker's server.properties. `all` is the whole cluster, this broker included. */
export function brokerProperties(
  { id, port, controllerPort, folder }: BrokerPlace,
  all: readonly BrokerPlace[],
): string {
  const replicas = Math.min(3, all.length);
  const inSync = replicas === 3 ? 2 : 1;
  return lines({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': all.map((place) => `${place.id}@127.0.0.1:${place.controllerPort}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    ...internalTopics(replicas, inSync),
    ...quick,
    ...small,
  });
}

const internalTopics = (replicas: number, inSync: number) => ({
  'offsets.topic.num.partitions': 4,
  'offsets.topic.replication.factor': replicas,
  'transaction.state.log.num.partitions': 4,
  'transaction.state.log.replication.factor': replicas,
  'transaction.state.log.min.isr': inSync,
});

const quick = {
  'group.initial.rebalance.delay.ms': 0,
  'group.min.session.timeout.ms': 1_000,
  'broker.heartbeat.interval.ms': 500,
  'broker.session.timeout.ms': 3_000,
  'replica.lag.time.max.ms': 5_000,
  'transaction.abort.timed.out.transaction.cleanup.interval.ms': 1_000,
  'log.cleaner.backoff.ms': 500,
  'log.cleaner.min.cleanable.ratio': 0.01,
  'log.retention.check.interval.ms': 1_000,
  'log.initial.task.delay.ms': 1_000,
  'log.segment.delete.delay.ms': 1_000,
  'controlled.shutdown.max.retries': 1,
};

const small = {
  'num.network.threads': 2,
  'num.io.threads': 4,
  'background.threads': 2,
  'num.recovery.threads.per.data.dir': 1,
  'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
};

const lines = (settings: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
