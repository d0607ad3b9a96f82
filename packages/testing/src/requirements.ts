import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { espaPython } from './espa-python.ts';
import { ffmpegPath } from './ffmpeg-path.ts';
import { repoRoot, testData, testTool } from './repo-root.ts';

/** What a test may need from the machine. */
export type Requirement =
  | 'certutil'
  | 'chromium'
  | 'data'
  | 'docker'
  | 'elasticsearch'
  | 'espa'
  | 'ffmpeg'
  | 'http-ece'
  | 'kubernetes'
  | 'model'
  | 'mosquitto'
  | 'mosquitto-clients'
  | 'openssl'
  | 'rtsp'
  | 'tmpfs'
  | 'vulkan';

/** `undefined` when it is there, else what is missing and how to get it. */
export function missingRequirement(name: Requirement): string | undefined {
  const known = results.get(name);
  if (known !== undefined) {
    return known.missing;
  }
  const missing = checks[name]();
  results.set(name, { missing });
  return missing;
}

/** The Mosquitto program: `MOSQUITTO_BIN`, or Debian's (whose folder is not on every user's PATH). */
export function mosquittoPath(): string {
  return process.env.MOSQUITTO_BIN ?? (existsSync('/usr/sbin/mosquitto') ? '/usr/sbin/mosquitto' : 'mosquitto');
}

/** The Chromium program: `CHROMIUM_BIN`, or the first one on the PATH. */
export function chromiumPath(): string {
  return (
    process.env.CHROMIUM_BIN ??
    ['chromium', 'chromium-browser', 'google-chrome'].find((name) => runs(name, '--version')) ??
    'chromium'
  );
}

/** A Vulkan driver that computes on the CPU: `VULKAN_DRIVER` (its JSON file), or the one that Debian's Chromium brings. */
export function vulkanDriver(): string {
  return process.env.VULKAN_DRIVER ?? '/usr/lib/chromium/vk_swiftshader_icd.json';
}

/** The Python program: `PYTHON_BIN`, or the one on the PATH. */
export function pythonPath(): string {
  return process.env.PYTHON_BIN ?? 'python3';
}

const results = new Map<Requirement, { missing: string | undefined }>();

const checks: Record<Requirement, () => string | undefined> = {
  data: () => unless(existsSync(testData()), 'the test data: set VIGILIA_TEST_DATA to its folder'),
  ffmpeg: () => unless(ffmpegPath() !== undefined, 'ffmpeg: apt-get install ffmpeg, or set FFMPEG_BIN'),
  mosquitto: () => unless(runs(mosquittoPath(), '-h'), 'mosquitto: apt-get install mosquitto'),
  'mosquitto-clients': () =>
    unless(
      ['mosquitto_pub', 'mosquitto_sub', 'jq'].every((name) => runs('sh', '-c', `command -v ${name}`)),
      'mosquitto_pub, mosquitto_sub and jq: apt-get install mosquitto-clients jq',
    ),
  openssl: () => unless(runs('openssl', 'version'), 'openssl: apt-get install openssl'),
  'http-ece': () =>
    unless(
      runs(pythonPath(), '-c', 'import http_ece'),
      'Python’s http_ece: pip install http_ece==1.2.1, or set PYTHON_BIN',
    ),
  certutil: () => unless(runs('sh', '-c', 'command -v certutil'), 'certutil: apt-get install libnss3-tools'),
  chromium: () => unless(runs(chromiumPath(), '--version'), 'chromium: apt-get install chromium'),
  docker: () => unless(runs('docker', 'info', '--format', '{{.ServerVersion}}'), 'a Docker engine'),
  model: () => unless(existsSync(join(modelsDir(), 'movenet.onnx')), 'the default model: npm run setup'),
  kubernetes: () =>
    existsSync(testTool('kubernetes', 'run'))
      ? unless(
          runs('xz', '--version') && runs('curl', '--version') && runs('openssl', 'version'),
          'xz, curl and openssl for Kubernetes: apt-get install xz-utils curl openssl',
        )
      : 'the Kubernetes starter: set VIGILIA_TEST_TOOLS to its folder',
  tmpfs: () => unless(mountsTmpfs(), 'the right to mount a small file system (root, CAP_SYS_ADMIN)'),
  elasticsearch: () =>
    existsSync(testTool('elasticsearch', 'run'))
      ? unless(
          runs('unzip', '-v') && runs('mvn', '-v'),
          'unzip and maven for Elasticsearch: apt-get install unzip maven',
        )
      : 'the Elasticsearch starter: set VIGILIA_TEST_TOOLS to its folder',
  espa: () =>
    unless(espaPython() !== undefined, 'digimat-espa: apt-get install python3-venv, and a way to the PyPI registry'),
  vulkan: () =>
    unless(
      existsSync(vulkanDriver()) && runs('sh', '-c', 'PATH=$PATH:/sbin ldconfig -p | grep -q libvulkan.so.1'),
      'a Vulkan driver that computes on the CPU: apt-get install libvulkan1 chromium, or set VULKAN_DRIVER',
    ),
  rtsp: () =>
    existsSync(testTool('images', 'go2rtc', 'rtsp-cameras'))
      ? unless(
          ffmpegPath() !== undefined && runs('/usr/bin/python3', '-c', RTSP_PROBE),
          'RTSP cameras: apt-get install ffmpeg python3-gi python3-yaml gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-{base,good,bad}',
        )
      : 'the RTSP camera program: set VIGILIA_TEST_TOOLS to its folder',
};

/** Every name that `requires` knows. */
export const requirements = Object.keys(checks) as readonly Requirement[];

const RTSP_PROBE = `
import gi, yaml
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
assert all(Gst.ElementFactory.find(n) for n in ("udpsrc", "rtpjitterbuffer", "h264parse", "rtph264pay"))
`;

function mountsTmpfs(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'vigilia-mount-'));
  const mounted = runs('mount', '-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', folder);
  if (mounted) {
    runs('umount', folder);
  }
  rmdirSync(folder);
  return mounted;
}

function modelsDir(): string {
  return process.env.VIGILIA_MODELS_DIR ?? join(repoRoot, '.cache', 'vigilia', 'models');
}

function unless(there: boolean, missing: string): string | undefined {
  return there ? undefined : missing;
}

function runs(program: string, ...args: string[]): boolean {
  const result = spawnSync(program, args, { stdio: 'ignore', timeout: 120_000 });
  return result.error === undefined && (result.status === 0 || (program === mosquittoPath() && result.status !== null));
}
