/** The main job in one process; its incidents can be exported from the folder as well, once nothing runs on it. */
import { replayExport } from '@faultline/correlator';
import { expect } from 'vitest';
import { exportFromFolder, exportFromUrl } from './export-source.ts';
import { describeMainJob } from './testing/main-job.ts';
import { beginStory } from './testing/story.ts';

describeMainJob({
  begin: () => beginStory(),
  timeoutMs: 60_000,
  afterwards: async (story, id) => {
    expect(story.pager.pages.at(-1)?.page.link).toBe(`${story.url()}/incidents/${id}`);
    await expect(exportFromFolder({ data: story.folder, config: undefined }, id)).rejects.toMatchObject({
      code: 'BUS_FOLDER_LOCKED',
    });
    await story.stop();
    const stopped = await exportFromFolder({ data: story.folder, config: undefined }, id);
    expect(replayExport(stopped)).toMatchObject({ same: true });
    await expect(exportFromUrl({ url: 'http://127.0.0.1:9', token: undefined, tenant: undefined }, id)).rejects.toThrow(
      /nothing answers/,
    );
  },
});
