/**
 * `npm run bench -- scale [--part cost|restart] [--open 1000,10000,100000] [--rounds N]`: what one alert costs the correlator, by what is open
 * and by partitions.
 */
import { parseArgs } from 'node:util';
import { type Measured, measureCost, medianRatio } from '../scale/cost.ts';

const numbers = (text: string): number[] => text.split(',').map(Number);

/** Prints one JSON line. */
export async function run(): Promise<object> {
  const { values } = parseArgs({
    allowPositionals: true,
    options: {
      open: { type: 'string', default: '1000,10000,100000' },
      partitions: { type: 'string', default: '1,2,4' },
      scopes: { type: 'string', default: '1,64' },
      rounds: { type: 'string', default: '15' },
      alerts: { type: 'string', default: '1000' },
    },
  });
  const measured = await measureCost({
    open: numbers(values.open),
    partitions: numbers(values.partitions),
    scopes: numbers(values.scopes),
    rounds: Number(values.rounds),
    alertsPerRound: Number(values.alerts),
    bus: {},
  });
  const result = { bus: 'embedded', store: 'empty', rigs: measured.map(rounded), ratios: ratiosOf(measured) };
  console.log(JSON.stringify(result));
  return result;
}

/** Against the first rig of the same number of scopes. */
function ratiosOf(measured: readonly Measured[]): object[] {
  return measured.flatMap((rig) => {
    const base = measured.find(({ scopes }) => scopes === rig.scopes);
    if (base === undefined || base === rig) return [];
    const { scopes, partitions, open } = rig;
    const cpu = Math.round(medianRatio(rig.cpuUs, base.cpuUs) * 100) / 100;
    const wall = Math.round(medianRatio(rig.wallUs, base.wallUs) * 100) / 100;
    return [{ scopes, partitions, open, against: { partitions: base.partitions, open: base.open }, cpu, wall }];
  });
}

function rounded(rig: Measured): Measured {
  const whole = (values: readonly number[]) => values.map(Math.round);
  return {
    ...rig,
    fillSeconds: Math.round(rig.fillSeconds),
    memoryMb: Math.round(rig.memoryMb),
    cpuUs: whole(rig.cpuUs),
    wallUs: whole(rig.wallUs),
  };
}

if (import.meta.main) await run();
