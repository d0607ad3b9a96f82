import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { type TempFolder, tempFolder } from '@vigilia/testing';
import { modelHash } from './model-hash.ts';

describe('the SHA-256 of a model', () => {
  let folder: TempFolder;
  beforeEach(async () => {
    folder = await tempFolder('model-hash');
    await writeFile(folder.file('m.onnx'), 'graph');
  });
  afterEach(() => folder.remove());

  const hash = () => modelHash({ modelPath: folder.file('m.onnx'), jsonPath: folder.file('m.json') });
  const shell = (command: string) => execFileSync('sh', ['-c', command], { cwd: folder.path }).toString().slice(0, 64);

  it('is the one that sha256sum prints, so that an auditor can compare it', async () => {
    expect(await hash()).toBe(shell('sha256sum m.onnx'));
    await writeFile(folder.file('m.json'), '{}');
    expect(await hash()).toBe(shell('sha256sum m.onnx m.json | sha256sum'));
  });

  it.each(['m.onnx', 'm.json', 'm.onnx.data', 'm.onnx_data'])('changes with %s', async (name) => {
    await writeFile(folder.file('m.json'), '{}');
    const before = await hash();
    await writeFile(folder.file(name), 'changed');
    expect(await hash()).not.toBe(before);
  });

  it('does not change with files of other models', async () => {
    const before = await hash();
    await writeFile(folder.file('m2.json'), '{}');
    expect(await hash()).toBe(before);
  });
});
