/** `npm run export -- INCIDENT --out FILE [--data DIR] [--config FILE]`: the journal of one incident, to replay or to attach to a report. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createBus } from '@faultline/bus';
import { exportIncident } from '@faultline/correlator';
import { AppError, describeStartError, silentLogger, systemClock } from '@faultline/runtime';
import { loadAppConfig } from './index.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string' }, data: { type: 'string' }, config: { type: 'string' } },
});
const [incidentId] = positionals;
if (incidentId === undefined || values.out === undefined) {
  process.stderr.write('usage: npm run export -- INCIDENT --out FILE [--data DIR] [--config FILE]\n');
  process.exit(2);
}

try {
  const config = loadAppConfig({
    ...(values.config === undefined ? {} : { file: values.config }),
    ...(values.data === undefined ? {} : { folder: values.data }),
  });
  const bus = await createBus(config.bus, { logger: silentLogger, clock: systemClock }).start();
  try {
    writeFileSync(values.out, await exportIncident(bus.value, incidentId), { mode: 0o600 });
  } finally {
    await bus.stop();
  }
} catch (error) {
  const text = error instanceof AppError ? `${error.message} [${error.code}]` : describeStartError(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
