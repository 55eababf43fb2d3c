/** A complete Faultline that tells its parent its addresses and, when asked, its memory. */
import { loadAppConfig, startApp } from '@faultline/all';
import { watchEngineMemory } from '@faultline/store/bench-memory';
import { type MemorySample, readSample } from './sample.ts';

export interface SoakOptions {
  readonly storeFolder: string;
  /** Overrides of the configuration. */
  readonly config: object;
}

export type SoakRequest =
  | { readonly kind: 'start'; readonly options: SoakOptions }
  | { readonly kind: 'sample'; readonly seconds: number }
  | { readonly kind: 'stop' };
export type SoakReply =
  | { readonly kind: 'up'; readonly http: string; readonly otlp: string }
  | { readonly kind: 'sample'; readonly sample: MemorySample }
  | { readonly kind: 'stopped' };

const reply = (message: SoakReply): void => void process.send?.(message);

async function run({ storeFolder, config }: SoakOptions): Promise<void> {
  const app = await startApp(loadAppConfig({ overrides: config }));
  const engine = await watchEngineMemory(storeFolder);
  process.on('message', async (message: SoakRequest) => {
    if (message.kind === 'sample') reply({ kind: 'sample', sample: readSample(message.seconds, await engine.read()) });
    if (message.kind !== 'stop') return;
    await engine.close();
    await app.stop();
    reply({ kind: 'stopped' });
    process.disconnect();
  });
  reply({ kind: 'up', http: app.value.addresses.http, otlp: app.value.addresses.otlpHttp ?? '' });
}

process.on('disconnect', () => process.exit());
process.on('message', (message: SoakRequest) => {
  if (message.kind === 'start') void run(message.options);
});
