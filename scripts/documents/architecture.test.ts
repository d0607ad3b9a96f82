import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';
import { channels, filterOf, parseTopic } from '@vigilia/protocol';
import { REPO } from '../setup/paths.mjs';
import { ModuleGraph } from './module-graph.mjs';
import { readText } from './repository-files.mjs';

const page = 'docs/architecture.md';

interface Step {
  readonly file: string;
  /** Other files that the line names: what joins this step with the one before. */
  readonly joints: readonly string[];
  /** Functions and methods that the line names. */
  readonly functions: readonly string[];
  /** The topic through which the step before reaches this one. */
  readonly topic: string | undefined;
  readonly indented: boolean;
  /** Files of which one must be linked to this one: that of the step before, or the step above an indented line and its lines so far. */
  readonly after: readonly string[];
}

/** The text below "Paths through the code". */
function chapter(): string {
  const [, after = ''] = readText(page).split(/^## Paths through the code$/m);
  const [found = ''] = after.split(/^## /m);
  return found;
}

/** The lists of this chapter, by their headings. */
function paths(): [heading: string, steps: Step[]][] {
  return chapter()
    .split(/^### /m)
    .slice(1)
    .map((section) => [section.split('\n')[0] ?? '', steps(section)]);
}

function steps(section: string): Step[] {
  const found: Step[] = [];
  let above: string[] = [];
  for (const line of section.split('\n')) {
    const [, indent, topic] = /^( *)(?:\d+\.|-) (?:`(nvr[-a-z]*\/[^`]+)` → )?\[/.exec(line) ?? [];
    const [file, ...joints] = sourcesIn(line);
    if (indent === undefined || file === undefined) continue;
    const indented = indent !== '';
    found.push({ file, joints, functions: functionsIn(line), topic, indented, after: above });
    above = indented ? [...above, file] : [file];
  }
  return found;
}

/** The source files to which a line links. */
function sourcesIn(line: string): string[] {
  return [...line.matchAll(/\]\(([^)]+\.tsx?)\)/g)].map(([, link = '']) => normalize(join('docs', link)));
}

/** The names in code spans with parentheses, such as `analyse()`. */
function functionsIn(text: string): string[] {
  return [...text.matchAll(/`(#?\w+)\(\)`/g)].map(([, name = '']) => name);
}

function declares(file: string, name: string): boolean {
  const declaration = `(function\\*? |^  (async )?|const )${name}(<.*>)?(\\(| = )`;
  return new RegExp(declaration, 'm').test(readText(file));
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

function isLinked(step: Step, before: string): boolean {
  const { file, topic, joints } = step;
  if (topic !== undefined) return mentionsTopic(before, topic) && mentionsTopic(file, topic);
  const near = (one: string, other: string): boolean => graph.reaches(one, other) || graph.reaches(other, one);
  return near(before, file) || joints.some((joint) => near(before, joint) && near(joint, file));
}

describe.each(paths())('the path "%s" in the architecture', (_, listed) => {
  it('names files that exist, so that a reader can open each of them', () => {
    const missing = listed
      .flatMap(({ file, joints }) => [file, ...joints])
      .filter((file) => !existsSync(join(REPO, file)));
    expect(
      missing.map((file) => `${page} names ${file}, which does not exist. Was it moved? Correct the list.`),
    ).toEqual([]);
  });

  it('names functions that these files have, so that a reader finds each decision', () => {
    const unknown = listed.flatMap(({ file, joints, functions }) =>
      functions
        .filter((name) => ![file, ...joints].some((one) => declares(one, name)))
        .map((name) => `${page}: ${file} has no ${name}(). Was it renamed? Correct the list.`),
    );
    expect(unknown).toEqual([]);
  });

  it('leads from each file to the next one by an import or a topic, so that the list is how the code works now', () => {
    const broken = listed.filter((step) => step.after.length > 0 && !step.after.some((file) => isLinked(step, file)));
    expect(broken.map(({ file, after }) => `${page}: ${file} has no link to ${after[0]}. Correct the list.`)).toEqual(
      [],
    );
  });

  it('has three to ten steps, so that a reader can follow it in five minutes', () => {
    const { length } = listed.filter(({ indented }) => !indented);
    expect(length).toBeGreaterThanOrEqual(3);
    expect(length).toBeLessThanOrEqual(10);
  });
});

test('the text around the lists of the architecture names functions that exist', () => {
  const prose = chapter()
    .split('\n')
    .filter((line) => !/^ *(\d+\.|-) /.test(line))
    .join('\n');
  const sources = graph.files();
  const named = functionsIn(prose);
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((name) => !sources.some((file) => declares(file, name)))).toEqual([]);
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
  'frame/preprocess',
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

test('each path is offered as the answer to a question, so that a reader need not know how the chapter is divided', () => {
  const [index = ''] = chapter().split(/^### /m);
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-');
  const unasked = paths().filter(([heading]) => !index.includes(`(#${anchor(heading)})`));
  expect(unasked.map(([heading]) => heading)).toEqual([]);
});
