/** Debian's tools that check the configuration of Alertmanager and Prometheus. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openFolder } from './folder.ts';
import { installDebian } from './install.ts';
import { run } from './run.ts';

/** Files of credentials, which a configuration may name, need not be there. */
const commands = {
  alertmanager: ['amtool', 'check-config'],
  prometheus: ['promtool', 'check', 'config', '--syntax-only'],
  'prometheus-rules': ['promtool', 'check', 'rules'],
} as const;

/** Returns what the tool says of a configuration. Throws ServerError, with its words, when it refuses it. */
export async function checkConfigOf(server: keyof typeof commands, yaml: string): Promise<string> {
  const folder = openFolder(`${server}-config`, undefined);
  try {
    const file = join(folder.path, `${server}.yml`);
    writeFileSync(file, yaml);
    const [program, ...args] = commands[server];
    return await run(join(await installDebian(), 'usr/bin', program), [...args, file], folder.path);
  } finally {
    folder.remove();
  }
}
