/** `blocked`: the browser plays nothing before the page is touched; `unavailable`: it cannot play sounds at all. */
export type SoundState = 'ready' | 'blocked' | 'unavailable';

interface Note {
  readonly hertz: number;
  readonly atSeconds: number;
  readonly seconds: number;
  /** 0 to 1. */
  readonly volume: number;
}

const alarmNotes: readonly Note[] = [
  { hertz: 880, atSeconds: 0, seconds: 0.22, volume: 0.5 },
  { hertz: 660, atSeconds: 0.25, seconds: 0.22, volume: 0.5 },
];
const faultNotes: readonly Note[] = [0, 0.3, 0.6].map((atSeconds) => ({
  hertz: 330,
  atSeconds,
  seconds: 0.15,
  volume: 0.4,
}));
const testNotes: readonly Note[] = [{ hertz: 660, atSeconds: 0, seconds: 0.3, volume: 0.3 }];

/** Plays alarms, and knows whether they can be heard: that is decided by the state of the browser's audio context. */
export class AlarmSound {
  #context: AudioContext | undefined;
  readonly #listeners = new Set<() => void>();

  /** Opens the audio context. A browser leaves it suspended until the page is touched. */
  start(): void {
    if (this.#context !== undefined || typeof AudioContext !== 'function') return;
    this.#context = new AudioContext();
    this.#context.addEventListener('statechange', () => this.#changed());
    this.#changed();
  }

  get state(): SoundState {
    if (this.#context === undefined) return typeof AudioContext === 'function' ? 'blocked' : 'unavailable';
    return this.#context.state === 'running' ? 'ready' : 'blocked';
  }

  /** Makes the page audible; browsers allow it only while a touch or a key is handled. Resolves once it is, else never. */
  async unlock(): Promise<void> {
    this.start();
    await this.#context?.resume();
  }

  /** Plays two falling notes: a person is on the floor. */
  readonly playAlarm = (): void => this.#play(alarmNotes);

  /** Plays three low notes: the monitoring system does not work. */
  readonly playFault = (): void => this.#play(faultNotes);

  /** Plays one short note as soon as the page is audible. */
  async testTone(): Promise<void> {
    await this.unlock();
    this.#play(testNotes);
  }

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #play(notes: readonly Note[]): void {
    const context = this.#context;
    // What is scheduled while the context is suspended would be heard all at once after the next touch.
    if (context?.state !== 'running') return;
    for (const note of notes) {
      playNote(context, note);
    }
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }
}

function playNote(audio: AudioContext, { hertz, atSeconds, seconds, volume }: Note): void {
  const start = audio.currentTime + atSeconds;
  const tone = audio.createOscillator();
  const gain = audio.createGain();
  tone.frequency.value = hertz;
  gain.gain.setValueAtTime(0.0001, start);
  gain.gain.exponentialRampToValueAtTime(volume, start + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.0001, start + seconds);
  tone.connect(gain).connect(audio.destination);
  tone.start(start);
  tone.stop(start + seconds + 0.03);
}
