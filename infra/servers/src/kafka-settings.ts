/** The settings of a test broker: fast to start, fast to detect failures, small. */
export interface BrokerPlace {
  readonly id: number;
  readonly port: number;
  readonly controllerPort: number;
  readonly folder: string;
  /** A second listener for clients that log in over TLS. */
  readonly secure?: SecureListener;
}

interface SecureListener {
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** PKCS 12, with the broker's key and certificate. */
  readonly keystoreFile: string;
  readonly keystorePassword: string;
}

/** The text of a broker's server.properties. `all` is the whole cluster, including this broker. */
export function brokerProperties(place: BrokerPlace, all: readonly BrokerPlace[]): string {
  const { id, port, controllerPort, folder, secure } = place;
  const replicas = Math.min(3, all.length);
  const inSync = replicas === 3 ? 2 : 1;
  return lines({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': all.map((place) => `${place.id}@127.0.0.1:${place.controllerPort}`).join(','),
    listeners:
      `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}` +
      (secure === undefined ? '' : `,SECURE://127.0.0.1:${secure.port}`),
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': folder,
    'auto.create.topics.enable': false,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    ...(secure === undefined ? {} : secureListener(secure)),
    ...internalTopics(replicas, inSync),
    ...quick,
    ...small,
  });
}

const login = 'org.apache.kafka.common.security';
const secureListener = ({ user, password, keystoreFile, keystorePassword }: SecureListener) => ({
  'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
  'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'listener.name.secure.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_${user}="${password}";`,
  'listener.name.secure.scram-sha-256.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
  'listener.name.secure.scram-sha-512.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
  'listener.name.secure.ssl.keystore.type': 'PKCS12',
  'listener.name.secure.ssl.keystore.location': keystoreFile,
  'listener.name.secure.ssl.keystore.password': keystorePassword,
});

/** Arguments for formatting the folder, so that the user can log in by SCRAM from the start. */
export function scramArgs({ user, password }: Pick<SecureListener, 'user' | 'password'>): string[] {
  return ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${user},password=${password}]`,
  ]);
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
