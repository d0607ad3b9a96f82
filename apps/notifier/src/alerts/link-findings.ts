/** The link of a target that keeps one, as it is at this moment. */
export interface TargetLinkState {
  readonly target: string;
  /** For how long the other side has not been heard, ms; undefined while the link works. */
  readonly lostForMs: number | undefined;
}

/** Returns one finding for each link, in the form of the other troubles. */
export function linkFindings(links: readonly TargetLinkState[], nowMs: number) {
  return links.map(({ target, lostForMs }) => ({
    subject: `target ${target}`,
    kind: 'target_offline' as const,
    state: lostForMs === undefined ? ('good' as const) : ('bad' as const),
    since: lostForMs === undefined ? undefined : new Date(nowMs - lostForMs).toISOString(),
    facts: { instanceId: target },
  }));
}
