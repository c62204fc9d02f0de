/** The call is wrong (exit 2): what was seen, and what would be right. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The work failed (exit 3): engine not available, model unreadable, disk full, folder not writable. */
export class WorkError extends Error {
  override name = 'WorkError';
}
