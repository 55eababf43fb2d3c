import { expect, it } from 'vitest';
import { usersXml } from './clickhouse-settings.ts';
import { javaVersion } from './install.ts';
import { metadataRequest } from './kafka-ready.ts';
import { brokerProperties, scramArgs } from './kafka-settings.ts';

const place = (id: number) => ({ id, port: 9000 + id, controllerPort: 9100 + id, folder: `/data/${id}` });

it('one broker keeps one copy', () => {
  const text = brokerProperties(place(1), [place(1)]);
  expect(text).toContain('node.id=1\ncontroller.quorum.voters=1@127.0.0.1:9101\nlisteners=PLAINTEXT://127.0.0.1:9001,');
  expect(text).toContain('default.replication.factor=1\nmin.insync.replicas=1\n');
});

it('three brokers keep three copies and need two', () => {
  const text = brokerProperties(place(2), [place(1), place(2), place(3)]);
  expect(text).toContain('voters=1@127.0.0.1:9101,2@127.0.0.1:9102,3@127.0.0.1:9103\n');
  expect(text).toContain('default.replication.factor=3\nmin.insync.replicas=2\n');
  expect(text).toContain('transaction.state.log.replication.factor=3\ntransaction.state.log.min.isr=2\n');
});

it('a broker with a login opens a second listener', () => {
  const keys = { keystoreFile: '/data/keys', keystorePassword: 'k' };
  const text = brokerProperties({ ...place(1), secure: { port: 9301, user: 'ann', password: 'p', ...keys } }, [
    place(1),
  ]);
  expect(text).toContain(',SECURE://127.0.0.1:9301\n');
  expect(text).toContain('PlainLoginModule required user_ann="p";\n');
  expect(brokerProperties(place(1), [place(1)])).not.toContain('SECURE');
  expect(scramArgs({ user: 'ann', password: 'p' })).toEqual([
    '--add-scram',
    'SCRAM-SHA-256=[name=ann,password=p]',
    '--add-scram',
    'SCRAM-SHA-512=[name=ann,password=p]',
  ]);
});

it('a password may hold any character', () => {
  expect(usersXml([{ name: 'ann', password: '<&>' }])).toContain('<ann><password>&lt;&amp;></password>');
});

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "25" 2025-09-16', 25],
  ['java: not found', null],
])('%s is Java %s', (printed, version) => {
  expect(javaVersion(printed)).toBe(version);
});

it('the metadata request is a complete frame', () => {
  const request = metadataRequest();
  expect(request.readInt32BE(0)).toBe(request.length - 4);
});
