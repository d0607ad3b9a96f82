import { startEmbeddedBroker } from '@vigilia/service/embedded-broker';
import { ProcessorProcess, type ProcessorProcessOptions } from './processor-process.ts';

/** Runs `work` with a processor on a broker of its own, and ends both. */
export async function withProcessor<T>(
  options: Omit<ProcessorProcessOptions, 'url'>,
  work: (processor: ProcessorProcess) => Promise<T>,
): Promise<T> {
  const broker = await startEmbeddedBroker();
  const processor = await ProcessorProcess.start({ ...options, url: broker.url });
  try {
    return await work(processor);
  } finally {
    await processor.stop();
    await broker.stop();
  }
}

/** 0, 1, 2 for three rooms. */
export function roomList(count: number): number[] {
  return Array.from({ length: count }, (_, room) => room);
}
