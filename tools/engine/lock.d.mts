/** Runs `work` while no other process holds the lock `directory`; waits for it as long as its owner lives. */
export function withLock<Result>(
  directory: string,
  say: (text: string) => void,
  work: () => Promise<Result>,
): Promise<Result>;

/** Whether a process with this id runs on this machine. */
export function isAlive(pid: number): boolean;
