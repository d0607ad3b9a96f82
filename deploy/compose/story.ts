import { createTopics, type Incident } from '@vigilia/protocol';
import { eventually } from '@vigilia/testing';
import type { Moment } from './crash-moments.ts';
import { docker, type House } from './house.ts';
import { Observer } from './observer.ts';

const homes = { 'processor-a': [0, 1, 2, 3], 'processor-b': [4, 5, 6, 7] } as const;
export const minute = 60_000;
const topics = createTopics();
/** Services whose logs are shown when a step does not happen. */
const witnesses = ['orchestrator', 'processor-a', 'go2rtc', 'docker-proxy', 'mosquitto'];

/** What people do and see in the services of compose. */
export class Story {
  readonly #house: House;
  observer = new Observer();

  constructor(house: House) {
    this.#house = house;
  }

  /** Begins to look; to be called again after everything was stopped. */
  async look(): Promise<void> {
    this.observer = new Observer();
    await this.observer.start(this.#house.bus);
  }

  async containers(): Promise<string[]> {
    const names = await docker(['ps', '--format', '{{.Names}}', '--filter', 'name=vigilia-']);
    return names.split('\n').filter((name) => name !== '');
  }

  async allSeen(timeoutMs = minute): Promise<void> {
    const { observer } = this;
    await Promise.all(Object.entries(homes).map(([home, rooms]) => observer.seenBy(home, rooms, timeoutMs)));
  }

  tell(command: string, params: Record<string, unknown>): Promise<void> {
    return this.#house.bus.publish(topics.orchestratorCommands, { command, params });
  }

  /** As the README has it: in the broker's container, with no password on the command line. */
  reportFall(room: number): Promise<string> {
    const message = `{"source_id": ${room}}`;
    return this.#house.exec('mosquitto', 'mosquitto_pub', '-t', topics.event('fall_detected'), '-m', message);
  }

  /** No room was alone for longer than its rate allows, since this story began to look. */
  nobodyLeftAlone(): void {
    const rooms = Object.values(homes).flat();
    const nobody = Object.fromEntries(rooms.map((room) => [String(room), 0]));
    const { gaps } = this.observer;
    expect({ unwatched: this.observer.unwatched(), gaps }).toEqual({ unwatched: nobody, gaps: [] });
  }

  /** Container → when it was started, of everything that runs. */
  async startTimes(): Promise<Record<string, string>> {
    const lines = await docker(['inspect', '-f', '{{.Name}} {{.State.StartedAt}}', ...(await this.containers())]);
    return Object.fromEntries(lines.split('\n').map((line) => line.split(' ') as [string, string]));
  }

  /** Every container that stays reports that it is healthy. */
  async allHealthy(timeoutMs = 2 * minute): Promise<void> {
    const look = async () => {
      const all = (await docker(['ps', '--format', '{{.Names}} {{.Status}}', '--filter', 'name=vigilia-'])).split('\n');
      expect(all.filter((line) => !line.endsWith('(healthy)'))).toEqual([]);
    };
    await eventually(look, { timeoutMs, intervalMs: 1000, message: 'every container healthy' });
  }

  /** @returns the dedicated processor that watches the room alone */
  movedAway(room: number, when = 'after the fall', timeoutMs = 2 * minute): Promise<string> {
    return this.#until(`the move to a dedicated processor, ${when}`, room, timeoutMs, async (incident) => {
      expect(incident).toMatchObject({ watched_by: expect.stringMatching(/^processor-a_\d+$/), degraded: false });
      expect(this.observer.watchedBy.get(room)).toBe(incident?.watched_by);
      expect(this.observer.ratesOf('processor-a')).not.toHaveProperty(String(room));
      return incident?.watched_by ?? '';
    });
  }

  movedBack(room: number): Promise<void> {
    return this.#until('the way back', room, 2 * minute, async (incident) => {
      expect(incident).toMatchObject({ state: 'closed', watched_by: 'processor-a' });
      expect(this.observer.ratesOf('processor-a')).toEqual({ 0: 0.1, 1: 0.1, 2: 0.1, 3: 0.1 });
      expect((await this.containers()).filter((name) => name.startsWith('vigilia-processor-a_'))).toEqual([]);
      expect([...this.observer.statuses.keys()].filter((name) => name.startsWith('processor-a_'))).toEqual([]);
    });
  }

  /** The power fails: every container ends at once. Resolves when the broker is back and is looked at again. */
  async powerFails(): Promise<void> {
    const pids = await docker(['inspect', '-f', '{{.State.Pid}}', ...(await this.containers())]);
    for (const pid of pids.split('\n')) {
      process.kill(Number(pid), 'SIGKILL');
    }
    await this.reconnect();
  }

  /**
   * kill -9 of a processor's container.
   * @returns how long its room was without a detection by another processor, ms
   */
  async killProcessor(instanceId: string, container: string, room: number): Promise<number> {
    const boot = this.observer.statuses.get(instanceId)?.boot_id ?? 'none';
    const pid = Number(await docker(['inspect', '-f', '{{.State.Pid}}', container]));
    const killedAtMs = Date.now();
    process.kill(pid, 'SIGKILL');
    return (await this.observer.seenByAnother(room, boot, killedAtMs, 2 * minute)) - killedAtMs;
  }

  /** kill -9 of a service's process as soon as the moment is seen; the engine starts it again. */
  async killWhen(service: string, [what, seen]: Moment, room: number): Promise<void> {
    const pid = Number(await docker(['inspect', '-f', '{{.State.Pid}}', `vigilia-${service}-1`]));
    const look = () => {
      if (!seen(this.observer, room)) throw new Error('not yet');
    };
    await eventually(look, { timeoutMs: 2 * minute, intervalMs: 5, message: what });
    process.kill(pid, 'SIGKILL');
  }

  /** Ids of the log lines that the event sink has recorded of a container. */
  async recordedLines(container: string): Promise<string[]> {
    const records = await this.#house.exec('event-sink', 'sh', '-c', 'cat /var/lib/vigilia/records/*');
    const documents = records.split('\n').filter((line) => line.includes(`"name":"${container}"`));
    return documents
      .map((line) => JSON.parse(line) as { event: { id: string }; container?: { name: string } })
      .filter((document) => document.container?.name === container)
      .map(({ event }) => event.id);
  }

  /** From a fall to its end with one kill on the way; what must have come of it is checked. */
  async survives(room: number, service: string, moment: Moment, when: 'there' | 'back'): Promise<void> {
    await this.reportFall(room);
    if (when === 'there') {
      await this.killWhen(service, moment, room);
    }
    await this.movedAway(room);
    await this.tell('resolve', { source_id: room, by: 'nurse', outcome: 'helped', confirmed: true });
    if (when === 'back') {
      await this.killWhen(service, moment, room);
    }
    await this.movedBack(room);
  }

  async reconnect(): Promise<void> {
    const again = async () => void (await this.#house.reconnect());
    await eventually(again, { timeoutMs: 2 * minute, intervalMs: 500, message: 'the broker' });
    await this.look();
  }

  /** A failure shows the last known state of the incident, the running processors, and their logs. */
  async #until<T>(
    what: string,
    room: number,
    timeoutMs: number,
    check: (incident: Incident | undefined) => Promise<T>,
  ): Promise<T> {
    const look = () => check(this.observer.incidentOf(room));
    try {
      return await eventually(look, { timeoutMs, intervalMs: 250, message: what });
    } catch (cause) {
      const known = JSON.stringify([this.observer.incidentOf(room), ...this.observer.statuses.values()]);
      const logs = (await this.#testimony()).join('\n');
      throw new Error(`${(cause as Error).message}\nknown: ${known}\n${logs}`, { cause });
    }
  }

  async #testimony(): Promise<string[]> {
    const { compose } = this.#house;
    const running = await compose('ps', '--all').catch(String);
    const said = await Promise.all(
      witnesses.map(async (name) => {
        const tail = name === 'orchestrator' ? '40' : '15';
        const text = await compose('logs', '--no-log-prefix', '--tail', tail, name).catch(String);
        return `${name}: ${text}`;
      }),
    );
    const dedicated = await docker(['logs', '--tail', '25', 'vigilia-processor-a_1']).catch(String);
    return [running, ...said, `processor-a_1: ${dedicated}`];
  }
}
