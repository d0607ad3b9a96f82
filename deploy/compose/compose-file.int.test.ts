import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { version } from '@vigilia/service';
import { requires, tempFolder } from '@vigilia/testing';
import { composeWith, docker } from './house.ts';

interface Service {
  readonly command?: string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly cap_add?: string[];
  readonly privileged?: boolean;
  readonly security_opt?: string[];
  readonly mem_limit?: string;
  readonly pids_limit?: number;
  readonly image: string;
  readonly build?: { readonly target?: string };
  readonly logging?: { readonly driver: string; readonly options: Record<string, string> };
  readonly ports?: readonly { readonly host_ip?: string }[];
  readonly volumes?: readonly {
    readonly source: string;
    readonly type: string;
    readonly target: string;
    readonly read_only?: boolean;
    readonly volume?: { readonly nocopy?: boolean };
  }[];
  readonly labels?: Record<string, string>;
  readonly environment?: Record<string, string>;
  readonly networks?: Record<string, unknown>;
}

requires('docker')('docker-compose.yml', () => {
  let services: Record<string, Service>;
  const each = (check: (service: Service, name: string) => void) => {
    for (const [name, service] of Object.entries(services)) {
      check(service, name);
    }
  };
  beforeAll(async () => {
    // Every profile, so that nothing optional escapes.
    const text = await composeWith({ COMPOSE_PROFILES: 'elastic,alerts,tls,cli' })('config', '--format', 'json');
    services = (JSON.parse(text) as { services: Record<string, Service> }).services;
  });

  test('is valid and has all services', () => {
    const names = [
      'cli',
      'console',
      'console-certificate',
      'docker-proxy',
      'event-sink',
      'go2rtc',
      'mosquitto',
      'notifier',
      'orchestrator',
      'processor-a',
      'processor-b',
      'secrets',
    ];
    expect(Object.keys(services)).toEqual(expect.arrayContaining(names));
  });

  test('gives no container more than it needs: read-only, no capabilities, no new privileges, limits, capped logs', () => {
    each((service, name) => {
      expect({ name, ...service }).toMatchObject({
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
      });
      expect({ name, bounded: (service.pids_limit ?? 0) > 0 }).toEqual({ name, bounded: true });
      expect({ name, added: service.cap_add ?? [], privileged: service.privileged ?? false }).toEqual({
        name,
        added: [],
        privileged: false,
      });
    });
  });

  test('has a read-only root everywhere but in what Elastic makes', () => {
    const writable = Object.keys(services).filter((name) => services[name]?.read_only !== true);
    expect(writable.filter((name) => !['elasticsearch', 'kibana'].includes(name))).toEqual([]);
  });

  test('bounds the memory of whatever stays', () => {
    each((service, name) => {
      if (service.labels?.['io.vigilia.logs'] !== undefined) {
        expect({ name, bounded: service.mem_limit !== undefined }).toEqual({ name, bounded: true });
      }
    });
  });

  test('lets one container only fill the volume of models: two at once would fail on each other’s files', () => {
    const fillers = Object.keys(services).filter((name) =>
      services[name]?.volumes?.some(({ source, volume }) => source === 'models' && volume?.nocopy !== true),
    );
    expect(fillers).toEqual(['processor-a']);
  });

  test('opens ports on this machine only', () => {
    each((service, name) => {
      for (const port of service.ports ?? []) {
        expect({ name, host: port.host_ip }).toEqual({ name, host: '127.0.0.1' });
      }
    });
  });

  test('shows the engine’s socket to the proxy alone, the only one that is root', () => {
    const holders = Object.keys(services).filter((name) =>
      services[name]?.volumes?.some(({ source }) => source.endsWith('docker.sock')),
    );
    expect(holders).toEqual(['docker-proxy']);
    const roots = Object.keys(services).filter((name) => /^(0|root)\b/.test(services[name]?.user ?? ''));
    expect(roots).toEqual(['docker-proxy']);
  });

  test('gives each service its own secret, and the whole set to the one that makes them', () => {
    const secretsOf = (name: string) =>
      (services[name]?.volumes ?? []).map(({ source }) => source).filter((source) => source.startsWith('secret-'));
    expect(secretsOf('processor-a')).toEqual(['secret-processor-a']);
    expect(secretsOf('processor-b')).toEqual(['secret-processor-b']);
    expect(secretsOf('orchestrator')).toEqual(['secret-orchestrator']);
    expect(secretsOf('console')).toEqual(['secret-console']);
    expect(secretsOf('notifier')).toEqual(['secret-notifier']);
    // The broker's, and the key with which it may add documents to Elasticsearch.
    expect(secretsOf('event-sink').toSorted()).toEqual(['secret-elastic-sink', 'secret-sink']);
    expect(secretsOf('cli')).toEqual(['secret-operator']);
    expect(secretsOf('mosquitto')).toEqual(['secret-operator']);
    expect(secretsOf('go2rtc')).toEqual([]);
    expect(secretsOf('docker-proxy')).toEqual([]);
  });

  test('keeps passwords out of every environment', () => {
    each((service, name) => {
      const named = Object.keys(service.environment ?? {}).filter(
        (key) => /PASSWORD|SECRET|KEY$/.test(key) && !key.endsWith('_FILE'),
      );
      expect({ name, named }).toEqual({ name, named: name === 'go2rtc' ? ['CAMERA_PASSWORD'] : [] });
    });
  });

  test('lets the orchestrator reach no camera, and the processors no engine', () => {
    expect(Object.keys(services.orchestrator?.networks ?? {}).sort()).toEqual(['bus', 'engine-orchestrator']);
    expect(Object.keys(services['event-sink']?.networks ?? {})).not.toContain('rooms');
    expect(Object.keys(services['processor-a']?.networks ?? {})).toEqual(['rooms']);
    expect(Object.keys(services.console?.networks ?? {})).toEqual(['bus']);
    expect(Object.keys(services.notifier?.networks ?? {})).toEqual(['bus']);
    expect(Object.keys(services['docker-proxy']?.networks ?? {}).sort()).toEqual([
      'engine-orchestrator',
      'engine-sink',
    ]);
  });

  test('starts Elasticsearch and Kibana only when asked for', async () => {
    const elastic = [
      'elastic-password',
      'elastic-users',
      'elastic-setup',
      'elasticsearch',
      'kibana',
      'kibana-dashboards',
    ];
    const plain = (await composeWith({ COMPOSE_PROFILES: '' })('config', '--services')).split('\n');
    expect(plain.filter((name) => elastic.includes(name))).toEqual([]);
    const asked = (await composeWith({ COMPOSE_PROFILES: 'elastic' })('config', '--services')).split('\n');
    expect(asked).toEqual(expect.arrayContaining(elastic));
  });

  test('starts the notifier only when asked for', async () => {
    const without = (await composeWith({ COMPOSE_PROFILES: 'elastic' })('config', '--services')).split('\n');
    expect(without).not.toContain('notifier');
    const asked = (await composeWith({ COMPOSE_PROFILES: 'alerts' })('config', '--services')).split('\n');
    expect(asked).toContain('notifier');
  });

  test.each([
    ['', undefined],
    ['alerts', undefined],
    ['elastic', 'http://elasticsearch:9200'],
    ['alerts,elastic', 'http://elasticsearch:9200'],
  ])('with the profiles "%s" the event sink sends to %s', async (profiles, url) => {
    const folder = await tempFolder('key');
    await writeFile(folder.file('api-key'), 'key');
    const [, , script = ''] = services['event-sink']?.command ?? [];
    const asked = script
      .replaceAll('$$', '$')
      .replaceAll('/run/elastic/', `${folder.path}/`)
      .replace(/exec node .*/, 'echo "$ELASTICSEARCH_URL"');
    const env = { PATH: process.env.PATH, PROFILES: profiles, ELASTICSEARCH_URL: '' };
    const { stdout } = await promisify(execFile)('sh', ['-c', asked], { env });
    await folder.remove();
    expect(stdout.trim()).toBe(url ?? '');
  });

  test('pins the version of every image, so that an update is a decision', () => {
    each((service, name) =>
      expect({ name, image: service.image }).toEqual({ name, image: expect.stringMatching(/:\d[\w.-]*$/) }),
    );
  });
});

requires('docker')('the images', () => {
  const testOnly = ['testing', 'onnx-proto', 'protobufjs', 'fast-check', 'smtp-server', 'jest'];
  const bounds: Record<string, number> = {
    processor: 700,
    orchestrator: 330,
    'event-sink': 330,
    console: 330,
    notifier: 330,
    cli: 450,
    secrets: 330,
  };
  beforeAll(() => composeWith({ COMPOSE_PROFILES: 'alerts,cli' })('build'), 900_000);

  test.each(Object.entries(bounds))('%s has at most %d MB and does not run as root', async (name, megabytes) => {
    const [image] = JSON.parse(await docker(['image', 'inspect', `vigilia-${name}:${version}`])) as {
      Size: number;
      Config: { User: string; Labels: Record<string, string> };
    }[];
    expect((image?.Size ?? Number.POSITIVE_INFINITY) / 1e6).toBeLessThanOrEqual(megabytes);
    expect(image?.Config.User).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(image?.Config.Labels['org.opencontainers.image.version']).toBe(version);
  });

  const services = Object.keys(bounds).filter((each) => each !== 'secrets');
  test.each(services)('%s holds no package that only tests need', async (name) => {
    const list = 'ls node_modules/@vigilia && ls node_modules';
    const run = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', `vigilia-${name}:${version}`, '-c', list];
    const held = (await docker(run)).split('\n');
    expect(held).toContain('protocol');
    expect(held.filter((each) => testOnly.includes(each))).toEqual([]);
  });

  test.each(services)('%s has the licence and the notices, and no font that they would have to name', async (name) => {
    const list = 'cat LICENSE NOTICE && find / -xdev -name "*.[ot]tf" -o -xdev -name "*.woff*" | sed "s/^/font: /"';
    const run = ['run', '--rm', '--network', 'none', '--entrypoint', 'sh', `vigilia-${name}:${version}`, '-c', list];
    const held = await docker(run);
    expect(held).toContain('MIT License');
    expect(held).toContain('Licensed under the Apache License, Version 2.0');
    expect(held).not.toMatch(/^font: /m);
  });

  test('the processor names version, source and licence of ffmpeg and of each library that came with it', async () => {
    const script =
      'ffmpeg -version | head -1 && cd /usr/share/doc && cut -d " " -f 1 vigilia-ffmpeg/packages.txt | while read -r name; do test -s "$name/copyright" || echo "none: $name"; done && cat vigilia-ffmpeg/packages.txt';
    const run = [
      'run',
      '--rm',
      '--network',
      'none',
      '--entrypoint',
      'sh',
      `vigilia-processor:${version}`,
      '-c',
      script,
    ];
    const held = await docker(run);
    const [, running = ''] = /^ffmpeg version (\S+)/.exec(held) ?? [];
    expect(running).not.toBe('');
    // Debian writes its epoch before the version that the program prints
    expect(held).toMatch(new RegExp(`^ffmpeg \\d+:${running.replaceAll('+', '\\+')} source ffmpeg `, 'm'));
    expect(held).toMatch(/^libx264-\d+ \S+ source x264 /m);
    expect(held).not.toContain('none: ');
  });

  test('the processor holds ONNX Runtime for its own machine only, ffmpeg, and both default models', async () => {
    const script =
      'find /app/node_modules/onnxruntime-node/bin -name "*.node" | wc -l; ffmpeg -v error -f lavfi -i testsrc2=d=1 -f null - && ls /models';
    const said = await docker([
      'run',
      '--rm',
      '--network',
      'none',
      '--read-only',
      `vigilia-processor:${version}`,
      'sh',
      '-c',
      script,
    ]);
    expect(said.split('\n')).toEqual([
      '1',
      'movenet-precise.json',
      'movenet-precise.onnx',
      'movenet.json',
      'movenet.onnx',
    ]);
  });
});
