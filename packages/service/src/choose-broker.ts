/** What an orchestrator left at a broker, or publishes there. Both only count up, so no clock decides which is the later one. */
export interface LeaderMark {
  readonly term?: number | undefined;
  /** How often it had moved in this term. */
  readonly moves?: number | undefined;
}

/** What a search knows of one broker so far. */
export interface SeenBroker {
  /** `pending`: it has neither accepted nor refused a connection yet. */
  readonly answers: 'pending' | 'yes' | 'no';
  /** What the search has read of an orchestrator there. */
  readonly leader?: LeaderMark | undefined;
}

export interface SearchView {
  /** In the order of the addresses, which is the order of preference. */
  readonly seen: readonly SeenBroker[];
  /** The broker of the last connection, or the first one. */
  readonly current: number;
  /** Since the search began. */
  readonly elapsedMs: number;
}

/** How long the orchestrator gives a preferred broker to answer before it takes another that has answered. */
const headStartMs = 500;
/** How long an orchestrator that starts reads what the ones before it left at the brokers. */
const readingMs = 1000;
/** How long the other services look for the orchestrator before they take a broker without it. */
export const leaderPatienceMs = 3000;

/**
 * Returns the broker that an orchestrator takes when it starts: where the last one was, because the state there is the latest. Without
 * such a mark it takes the most preferred one that answers. undefined: the search goes on.
 */
export function chooseToBegin({ seen, elapsedMs }: SearchView): number | undefined {
  if (elapsedMs < readingMs) return undefined;
  return brokerOfLeader(seen) ?? firstThatAnswers(seen);
}

/**
 * Returns the broker that the orchestrator takes: the one it was at, else the first in the order of preference. A broker that has not
 * answered yet is waited for only for a moment. undefined: the search goes on.
 */
export function chooseToLead({ seen, current, elapsedMs }: SearchView): number | undefined {
  const order = [current, ...Object.keys(seen).map(Number)];
  for (const index of order) {
    const answers = seen[index]?.answers;
    if (answers === 'yes') return index;
    if (answers === 'pending' && elapsedMs < headStartMs) return undefined;
  }
  return undefined;
}

/**
 * Returns the broker that a service takes: where the orchestrator is, so that all services meet. Without an orchestrator at any
 * broker it takes the most preferred one that answers, as every other service does. undefined: the search goes on.
 */
export function chooseToFollow(view: SearchView): number | undefined {
  const led = brokerOfLeader(view.seen);
  if (led !== undefined || view.elapsedMs < leaderPatienceMs) return led;
  return firstThatAnswers(view.seen);
}

function firstThatAnswers(seen: readonly SeenBroker[]): number | undefined {
  const first = seen.findIndex(({ answers }) => answers === 'yes');
  return first === -1 ? undefined : first;
}

/** Returns where the orchestrator is; of two, the one that began later leads. */
export function brokerOfLeader(seen: readonly SeenBroker[]): number | undefined {
  const led = seen.flatMap(({ leader }, index) => (leader === undefined ? [] : [{ index, leader }]));
  return led.sort((a, b) => compareLeaders(b.leader, a.leader))[0]?.index;
}

/** Orders what orchestrators left at brokers, the later one last: by term, and within a term by how often it had moved. */
function compareLeaders(a: LeaderMark, b: LeaderMark): number {
  return (a.term ?? -1) - (b.term ?? -1) || (a.moves ?? 0) - (b.moves ?? 0);
}
