/** `npm start -- [--data DIR] [--config FILE]... [--only a,b]`: Faultline, or some of its services, in one process. */
import { createLogger, parseCommandLine, runMain } from '@faultline/runtime';
import { announcementOf } from './announce.ts';
import { startCommand } from './commands.ts';
import { badFlag } from './flags.ts';
import { loadAppConfig, parseServiceNames, startApp } from './index.ts';
import { runningServices } from './service-list.ts';

/** EX_SOFTWARE of sysexits.h. A supervisor restarts the process, which continues from the log. */
const failedExitCode = 70;
const ended = Promise.withResolvers<number>();

const parsed = parseCommandLine(startCommand, process.argv.slice(2));
if (parsed.kind === 'end' && parsed.exitCode === 0) {
  process.stdout.write(parsed.text);
  process.exit(0);
}

await runMain({
  until: ended.promise,
  logger: createLogger({ level: 'info', format: 'auto' }),
  start: async (signal) => {
    if (parsed.kind === 'end') throw badFlag(parsed.text);
    const { config: file, data: folder, only: list } = parsed.values;
    const only = parseServiceNames(list);
    const config = loadAppConfig({ ...(file && { file }), ...(folder && { folder }) });
    const started = await startApp(config, { only, signal });
    const { addresses } = started.value;
    process.stdout.write(
      announcementOf({ addresses, services: runningServices(only, config), format: config.log.format }),
    );
    void started.value.failed.then(() => ended.resolve(failedExitCode));
    return started;
  },
});
