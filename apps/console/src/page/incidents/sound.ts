let context: AudioContext | undefined;

/** Two falling notes. A browser that has not been touched yet stays silent; turning the sound on is such a touch. */
export function soundAlarm(): void {
  context ??= new AudioContext();
  void context.resume();
  note(context, 880, 0);
  note(context, 660, 0.25);
}

function note(audio: AudioContext, hertz: number, delay: number): void {
  const start = audio.currentTime + delay;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.22);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.25);
}
