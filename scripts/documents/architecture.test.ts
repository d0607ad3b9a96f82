import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { channels, filterOf, parseTopic } from '@vigilia/protocol';
import { REPO } from '../setup/paths.mjs';
import { ModuleGraph } from './module-graph.mjs';
import { readText } from './repository-files.mjs';

const page = 'docs/architecture.md';

interface Step {
  readonly file: string;
  /** The topic through which the step before reaches this one. */
  readonly topic: string | undefined;
  /** The step that must be linked to this one: the one before, or the one above an indented line. */
  readonly after: string | undefined;
}

/** The lists below "Paths through the code", by their headings. */
function paths(): [heading: string, steps: Step[]][] {
  const [, chapter = ''] = readText(page).split(/^## Paths through the code$/m);
  const [sections = ''] = chapter.split(/^## /m);
  return sections
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', steps(section)]);
}

function steps(section: string): Step[] {
  const found: Step[] = [];
  let above: string | undefined;
  for (const line of section.split('\n')) {
    const [, indent, topic, link] =
      /^( *)(?:\d+\.|-) (?:`(nvr[-a-z]*\/[^`]+)` → )?\[[^\]]+\]\(([^)]+)\)/.exec(line) ?? [];
    if (indent === undefined || link === undefined) continue;
    const file = normalize(join('docs', link));
    found.push({ file, topic, after: above });
    if (indent === '') {
      above = file;
    }
  }
  return found;
}

const graph = new ModuleGraph();
const roots = { prefix: 'nvr', discovery: 'homeassistant' };

/** Whether a file publishes or reads the channel of a topic. */
function mentionsTopic(file: string, topic: string): boolean {
  const text = readText(file);
  const named = Object.entries(channels).filter(([name]) => text.includes(`channels.${name}`));
  return named.some(
    ([, channel]) => filterOf(channel, roots) === topic || parseTopic(topic, roots)?.channel === channel,
  );
}

function isLinked({ file, topic, after }: Step): boolean {
  if (after === undefined) return true;
  if (topic !== undefined) return mentionsTopic(after, topic) && mentionsTopic(file, topic);
  return graph.reaches(after, file) || graph.reaches(file, after);
}

describe.each(paths())('the path "%s" in the architecture', (_, listed) => {
  it('names files that exist, so that a reader can open each of them', () => {
    expect(listed.length).toBeGreaterThan(5);
    const missing = listed.filter(({ file }) => !existsSync(join(REPO, file)));
    expect(
      missing.map(({ file }) => `${page} lists ${file}, which does not exist. Was it moved? Correct the list.`),
    ).toEqual([]);
  });

  it('leads from each file to the next one by an import or a topic, so that the list is how the code works now', () => {
    const broken = listed.filter(({ file }) => existsSync(join(REPO, file))).filter((step) => !isLinked(step));
    const sentence = ({ file, topic, after }: Step): string =>
      topic === undefined
        ? `${page}: ${after} and ${file} do not import each other, directly or through one file. Correct the list.`
        : `${page}: ${after} and ${file} do not both use the channel of ${topic}. Correct the list.`;
    expect(broken.map(sentence)).toEqual([]);
  });
});

/** What changes the form of a frame, of a detection or of a message on its way, in order. */
const stepsOfFrame = [
  'stream/open-ffmpeg',
  'stream/own-pipe',
  'stream/frame-reader',
  'stream/ffmpeg-messages',
  'stream/frame-matcher',
  'stream/room-stream',
  'room/room-frames',
  'room/room-monitor',
  'schedule/pick-room',
  'model/supervised-model-host',
  'model/model-host-child',
  'model/frame-memory',
  'model/model-host-main',
  'image/preprocess',
  'model/onnx-model',
  'decode/decode',
  'decode/merge-passes',
  'room/room-people',
  'fall/room-vision',
  'room/detection-payload',
  'room/room-messages',
  'room/detections-message',
  'room/room-publisher',
  'service/src/channel-bus',
  'service/src/mqtt',
  'service/src/outbox',
  'service/src/mqtt-connection',
];

test('a reader who follows a frame finds every file that changes its form, from the bytes of ffmpeg to the packet for the broker', () => {
  const [[, listed] = ['', []]] = paths();
  const files = listed.map(({ file }) => file.replace(/\.ts$/, ''));
  let from = 0;
  const missing = stepsOfFrame.filter((step) => {
    const at = files.findIndex((file, index) => index >= from && file.endsWith(step));
    from = at < 0 ? from : at + 1;
    return at < 0;
  });
  expect(missing).toEqual([]);
});

test('the architecture describes seven paths: a frame, a look-back, a clip, a command, a rate, a fall and an event', () => {
  expect(paths()).toHaveLength(7);
});
