import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openBlockFolder, selectBlock } from './block-folder.ts';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-blocks-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const bytes = Uint8Array.of(1, 2, 3);

it('a block is in a file as long as the work, also when the work fails', async () => {
  const blocks = openBlockFolder(join(newFolder(), 'blocks'));
  let used = '';
  await blocks.hold(bytes, async (path) => {
    used = path;
    expect([...readFileSync(path)]).toEqual([1, 2, 3]);
  });
  expect(existsSync(used)).toBe(false);
  const failing = blocks.hold(bytes, async (path) => {
    used = path;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(used)).toBe(false);
});

it('what a crash left behind is removed with the first block, and what another engine of this process holds is not', async () => {
  const folder = join(newFolder(), 'blocks');
  mkdirSync(folder);
  writeFileSync(join(folder, 'left-1.native'), bytes);
  const second = openBlockFolder(folder);
  expect(readdirSync(folder)).toEqual(['left-1.native']);
  await openBlockFolder(folder).hold(bytes, async (held) => {
    expect(readdirSync(folder)).toHaveLength(1);
    await second.hold(bytes, async () => expect(existsSync(held)).toBe(true));
  });
  expect(readdirSync(folder)).toEqual([]);
});

it('paths and types are quoted', () => {
  expect(selectBlock("/a'b", "`T` DateTime('UTC')")).toContain("file('/a\\'b', 'Native', '`T` DateTime(\\'UTC\\')')");
});
