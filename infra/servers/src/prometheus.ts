/** Prometheus and Alertmanager of Debian: real senders and takers of alerts. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolder } from './folder.ts';
import { installDebian } from './install.ts';
import { freePort } from './ports.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

export interface Sender extends ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Stops it for good. */
  remove(): Promise<void>;
}

const startTimeoutMs = 60_000;

/** Resolves when it answers. `rules` is a file of rules; `config` is the rest of the configuration. Both are YAML. */
export function startPrometheus(config: string, rules: string): Promise<Sender> {
  return startSender('prometheus', ({ folder, port, program }) => {
    writeFileSync(join(folder, 'rules.yml'), rules);
    writeFileSync(join(folder, 'prometheus.yml'), `rule_files: [${join(folder, 'rules.yml')}]\n${config}`);
    return {
      command: join(program, 'usr/bin/prometheus'),
      args: [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        // It finds its receivers after the first evaluation, and would send the alert again only after a minute.
        '--rules.alert.resend-delay=1s',
      ],
    };
  });
}

/** Resolves when it answers. It notifies nobody. */
export function startAlertmanager(): Promise<Sender> {
  return startSender('alertmanager', ({ folder, port, program }) => {
    writeFileSync(join(folder, 'alertmanager.yml'), 'route: {receiver: nobody}\nreceivers: [{name: nobody}]\n');
    const args = [
      `--config.file=${join(folder, 'alertmanager.yml')}`,
      `--storage.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
    ];
    return { command: 'unshare', args: ['-rm', 'sh', '-c', withTemplates, program, ...args] };
  });
}

/**
 * Debian's Alertmanager reads its templates from a fixed path, and nothing is installed here. So it runs in a mount namespace of
 * its own, where the path leads to the unpacked package.
 */
const withTemplates = `mount -t tmpfs tmpfs /usr/share && mkdir /usr/share/prometheus &&
ln -s "$0/usr/share/prometheus/alertmanager" /usr/share/prometheus/ && exec "$0/usr/bin/prometheus-alertmanager" "$@"`;

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly program: string;
}

async function startSender(
  name: string,
  commandOf: (place: Place) => { readonly command: string; readonly args: readonly string[] },
): Promise<Sender> {
  const program = await installDebian();
  const opened = openFolder(name, undefined);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = createServerProcess({
    name,
    ...commandOf({ folder: opened.path, port, program }),
    logFile: join(opened.path, 'server.log'),
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
    startTimeoutMs,
  });
  const remove = async () => {
    await server.kill();
    opened.remove();
  };
  await server.start().catch(async (error) => {
    await remove();
    throw error;
  });
  return { ...server, url, port, remove };
}
