/** `npm start -- [--data DIR] [--config FILE]... [--only a,b]`: Faultline, or some of its services, in one process. */
import { createLogger, runMain } from '@faultline/runtime';
import { announcementOf } from './announce.ts';
import { parseFlags } from './flags.ts';
import { loadAppConfig, parseServiceNames, startApp } from './index.ts';

/** EX_SOFTWARE of sysexits.h: a supervisor starts the process again, and it goes on from the log. */
const failedExitCode = 70;
const ended = Promise.withResolvers<number>();

await runMain({
  until: ended.promise,
  logger: createLogger({ level: 'info', format: 'auto' }),
  start: async () => {
    const flags = parseFlags(process.argv.slice(2));
    const only = parseServiceNames(flags.only);
    const config = loadAppConfig({
      ...(flags.config === undefined ? {} : { file: flags.config }),
      ...(flags.data === undefined ? {} : { folder: flags.data }),
    });
    const started = await startApp(config, { only });
    const { addresses } = started.value;
    process.stdout.write(announcementOf({ addresses, services: only, format: config.log.format }));
    void started.value.failed.then(() => ended.resolve(failedExitCode));
    return started;
  },
});
