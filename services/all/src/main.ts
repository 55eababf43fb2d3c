/** `npm start -- [--data DIR] [--config FILE] [--only a,b]`: Faultline, or some of its services, in one process. */
import { parseArgs } from 'node:util';
import { createLogger, runMain } from '@faultline/runtime';
import { announce } from './announce.ts';
import { loadAppConfig, parseServiceNames, startApp } from './index.ts';

const { values } = parseArgs({
  options: { data: { type: 'string' }, config: { type: 'string' }, only: { type: 'string' } },
});

await runMain({
  logger: createLogger({ level: 'info', format: 'auto' }),
  start: async () => {
    const config = loadAppConfig({
      ...(values.config === undefined ? {} : { file: values.config }),
      ...(values.data === undefined ? {} : { folder: values.data }),
    });
    const started = await startApp(config, { only: parseServiceNames(values.only) });
    announce(started.value.addresses);
    return started;
  },
});
