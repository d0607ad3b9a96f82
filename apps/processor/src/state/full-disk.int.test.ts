import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually, requires } from '@vigilia/testing';
import { makeSite, startHouse, type TestSite } from '../test-support/processor-house.ts';

requires('ffmpeg', 'tmpfs')('a disk that is full', () => {
  let site: TestSite;
  let stateDir: string;
  beforeAll(async () => {
    site = await makeSite();
    stateDir = site.folder.file('disk');
    mkdirSync(stateDir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', stateDir]);
  });
  afterAll(async () => {
    execFileSync('umount', [stateDir]);
    await site.remove();
  });

  it('refuses the change, keeps what was accepted before, and takes the next one when there is room again', async () => {
    const flags = ['--streams', '2', '--max-fps', '2', '--instance-id', 'a', '--state-dir', stateDir];
    const house = await startHouse({ site, flags });
    try {
      expect(await house.send('set_confidence', { confidence: 0.5 })).toMatchObject({ ack_status: 'completed' });
      const [file = ''] = readdirSync(stateDir);
      const accepted = readFileSync(join(stateDir, file), 'utf8');
      expect(() => writeFileSync(join(stateDir, 'filler'), Buffer.alloc(1_000_000))).toThrow('ENOSPC');
      // the status of the first change may arrive after its answer
      await eventually(() =>
        expect(house.lastStatus()).toMatchObject({ status: 'running', config: { confidence: 0.5 } }),
      );
      const statuses = house.mark();
      const ack = await house.send('set_confidence', { confidence: 0.6 });
      expect(ack).toMatchObject({ ack_status: 'error', error: { code: 'internal' } });
      await eventually(() => expect(statuses()).toEqual(['reconfiguring', 'error', 'running']));
      expect(house.lastStatus()).toMatchObject({ config: { confidence: 0.5 }, last_error: { code: 'internal' } });
      expect(readdirSync(stateDir).sort()).toEqual([file, 'filler']);
      expect(readFileSync(join(stateDir, file), 'utf8')).toBe(accepted);
      const count = house.detections.messages.length;
      await eventually(() => expect(house.detections.messages.length).toBeGreaterThan(count));
      rmSync(join(stateDir, 'filler'));
      expect(await house.send('set_confidence', { confidence: 0.6 })).toMatchObject({ ack_status: 'completed' });
      expect(readFileSync(join(stateDir, file), 'utf8')).toContain('0.6');
    } finally {
      await house.stop();
    }
  });
});
