// Skeleton: types first; being written.
import type { Sample } from '../dataset/dataset.js';

/** What the folders hold: the pairs, and what is left over. Paths are relative to the dataset folder, `/` between. */
export interface Discovery {
  samples: readonly Sample[];
  /** Masks that no image goes with. */
  orphans: readonly { path: string; split: string; source: string }[];
  /** Folders of the layout that hold no image (D010), and splits without any. */
  emptyFolders: readonly { path: string; split: string; source: string }[];
}
