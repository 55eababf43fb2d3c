/** The main job in one process. After the stop its incidents can be exported from the folder as well. */
import { replayExport } from '@faultline/correlator';
import { expect } from 'vitest';
import { exportFromFolder, exportFromUrl } from './export-source.ts';
import { describeMainJob } from './testing/main-job.ts';
import { startScenario } from './testing/scenario.ts';

describeMainJob({
  begin: () => startScenario(),
  timeoutMs: 60_000,
  afterwards: async (scenario, id) => {
    expect(scenario.pager.pages.at(-1)?.page.link).toBe(`${scenario.url()}/incidents/${id}`);
    await expect(exportFromFolder({ data: scenario.folder, config: undefined }, id)).rejects.toMatchObject({
      code: 'BUS_FOLDER_LOCKED',
    });
    await scenario.stop();
    const stopped = await exportFromFolder({ data: scenario.folder, config: undefined }, id);
    expect(replayExport(stopped)).toMatchObject({ same: true });
    await expect(exportFromUrl({ url: 'http://127.0.0.1:9', token: undefined, tenant: undefined }, id)).rejects.toThrow(
      /nothing answers/,
    );
  },
});
