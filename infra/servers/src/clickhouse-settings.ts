/** The settings of the ClickHouse test server. */

/** A user beside `default`, which has no password. */
export interface ClickHouseUser {
  readonly name: string;
  readonly password: string;
}

/**
 * The place of one server in a cluster with one replica per shard. There is no Keeper: nothing is replicated, and each
 * server gets its tables by itself.
 */
export interface ClusterPlace {
  readonly name: string;
  /** Free ports, in the order of the shards. */
  readonly shardPorts: readonly number[];
  /** This server's shard, from 1. */
  readonly shard: number;
}

/** The text of config.xml. */
export function configXml(place: ClusterPlace | null): string {
  return `<clickhouse><users_config>users.xml</users_config>${place === null ? '' : clusterXml(place)}</clickhouse>\n`;
}

function clusterXml({ name, shardPorts, shard }: ClusterPlace): string {
  const shards = shardPorts.map(
    (port) => `<shard><replica><host>127.0.0.1</host><port>${port}</port></replica></shard>`,
  );
  const macros = `<macros><shard>${shard}</shard><replica>one</replica></macros>`;
  const port = `<tcp_port>${shardPorts[shard - 1]}</tcp_port>`;
  return `${port}${macros}<remote_servers><${name}>${shards.join('')}</${name}></remote_servers>`;
}

/**
 * The text of users.xml: `default` without a password, and the given users. All have all rights, from this machine
 * only.
 */
export function usersXml(users: readonly ClickHouseUser[]): string {
  const all = [{ name: 'default', password: '' }, ...users].map(userXml);
  return [
    '<clickhouse>',
    '  <profiles><default></default></profiles>',
    '  <quotas><default></default></quotas>',
    '  <users>',
    ...all,
    '  </users>',
    '</clickhouse>',
    '',
  ].join('\n');
}

function userXml({ name, password }: ClickHouseUser): string {
  const rights = '<networks><ip>127.0.0.1</ip></networks><access_management>1</access_management>';
  const kind = '<profile>default</profile><quota>default</quota>';
  return `    <${name}><password>${escapeXml(password)}</password>${rights}${kind}</${name}>`;
}

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Opens the HTTP port and the cluster port, then keeps the process running with a very long query. */
export const serveQuery = (place: ClusterPlace | null): string =>
  `SYSTEM START LISTEN HTTP; ${place === null ? '' : 'SYSTEM START LISTEN TCP; '}` +
  'SELECT sleepEachRow(3) FROM numbers(1000000000) FORMAT Null ' +
  'SETTINGS max_block_size = 1, max_threads = 1, function_sleep_max_microseconds_per_block = 10000000';
