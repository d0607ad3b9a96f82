import { fillSpool } from './documents.mjs';
import { inFolder, openSpool, startPump } from './parts.mjs';

/**
 * After an outage of so many `seconds` at `inflow` events a second, with the inflow going on: how many times the inflow is drained, from the
 * moment at which the node answers again. The last `realSeconds` of the outage really pass, with the sink knocking at a dead port (so that
 * its pauses are as long as they get); what came before is in the spool already.
 * @param {string} url of a node that is unreachable
 * @param {{inflow?: number, seconds: number, realSeconds: number, comesBack: () => Promise<void>}} options
 */
export function catchUp(url, { inflow = 200, seconds, realSeconds, comesBack }) {
  return inFolder(async (dir) => {
    const base = 10_000_000;
    const before = inflow * (seconds - realSeconds);
    const spool = await openSpool(dir);
    await fillSpool(spool, base, base + before);
    const { pump, consumer, started: running } = startPump(spool, url, dir);
    await running;
    const flow = startInflow(spool, base + before, inflow);
    await new Promise((resolve) => setTimeout(resolve, realSeconds * 1000));
    await comesBack();
    const [backlog, began] = [consumer.pendingRecords, performance.now()];
    const sentBefore = flow.sent();
    while (consumer.pendingRecords > inflow / 2) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const drainSeconds = (performance.now() - began) / 1000;
    const drained = backlog + flow.sent() - sentBefore;
    await flow.stop();
    await pump.stop(10_000);
    await spool.close();
    return {
      backlog,
      inflow,
      outageSeconds: { inAll: seconds, passed: realSeconds },
      seconds: Math.round(drainSeconds * 10) / 10,
      timesInflow: Math.round((drained / drainSeconds / inflow) * 10) / 10,
    };
  });
}

/** Events at a steady rate into the spool. */
function startInflow(spool, from, perSecond) {
  const started = performance.now();
  let sent = 0;
  let isOver = false;
  const running = (async () => {
    while (!isOver) {
      const due = Math.floor((perSecond * (performance.now() - started)) / 1000);
      if (due > sent) {
        await fillSpool(spool, from + sent, from + due);
      }
      sent = Math.max(sent, due);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    sent: () => sent,
    stop: () => {
      isOver = true;
      return running;
    },
  };
}
