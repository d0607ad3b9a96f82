import { requirements } from '@vigilia/testing';
import { parse } from 'yaml';
import { readText } from '../documents/repository-files.mjs';
import { readJson } from './versions.mjs';

interface Step {
  readonly run?: string;
  readonly env?: Record<string, string>;
}

const { jobs } = parse(readText('.github/workflows/test.yml')) as {
  jobs: { test: { strategy: { matrix: { include: { name: string; node: string }[] } }; steps: Step[] } };
};

describe('the workflow of public machines', () => {
  it('tests on the Node.js of Debian stable, which is the lowest that `engines` allows, and on the current LTS', () => {
    const lowest = readJson('package.json').engines.node.replace('>=', '');
    expect(jobs.test.strategy.matrix.include).toEqual([
      { name: 'Node.js of Debian stable', node: lowest },
      { name: 'current LTS of Node.js', node: 'lts/*' },
    ]);
  });

  it('runs all of `npm test`, and fails where something is missing that a public machine can have', () => {
    const step = jobs.test.steps.find(({ run }) => run?.startsWith('npm test'));
    const demanded = step?.env?.VIGILIA_REQUIRE?.split(',') ?? [];
    expect(demanded).toEqual(expect.arrayContaining(['docker', 'mosquitto', 'chromium', 'model']));
    expect(demanded.filter((name) => !(requirements as readonly string[]).includes(name))).toEqual([]);
  });
});
