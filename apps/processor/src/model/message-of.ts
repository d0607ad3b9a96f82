/** What is told of an error to another process or thread. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
