import type { Progress } from '../pipeline/events.js';

/** How progress and remarks look on stderr: a live line, milestones, or nothing. */
export interface ProgressView {
  progress(progress: Progress): void;
  /** A line that stays. */
  say(text: string): void;
  /** Takes away what should not stay. */
  finish(): void;
}

/** `--quiet`. */
export const SILENT: ProgressView = { progress() {}, say() {}, finish() {} };
