/** The settings of the test server of ClickHouse. */

/** A user beside `default`, which has no password. */
export interface ClickHouseUser {
  readonly name: string;
  readonly password: string;
}

/** The text of config.xml. */
export const configXml = '<clickhouse><users_config>users.xml</users_config></clickhouse>\n';

/** The text of users.xml: `default` without a password, and those given. All may do everything, from this machine. */
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

/** Opens the HTTP port, then keeps the process busy with nothing for a century. */
export const serveQuery =
  'SYSTEM START LISTEN HTTP; SELECT sleepEachRow(3) FROM numbers(1000000000) FORMAT Null ' +
  'SETTINGS max_block_size = 1, max_threads = 1, function_sleep_max_microseconds_per_block = 10000000';
