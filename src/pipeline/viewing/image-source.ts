import { type JournalHeader, type JournalIndex, readJournal } from '../sinks/journal.js';
import type { Discovery } from '../stages/discover.js';
import { type ImageView, openViewer, type Viewer } from './viewer.js';

/** The images of a run by their position, while it is written or afterwards. */
export interface ImageSource {
  /** @throws RangeError where the journal does not hold it */
  image(position: number): Promise<ImageView>;
  close(): Promise<void>;
}

/** Opens nothing before the first image is asked for. `discovery`: the names of the dataset's folders, where they were read. */
export function openImageSource(
  folder: string,
  header: JournalHeader,
  discovery: Discovery | null = null,
): ImageSource {
  let viewer: Viewer | null = null;
  let index: JournalIndex | null = null;
  return {
    async image(position) {
      // A journal that still grows is read again when something newer is asked for.
      if (index === null || position >= index.count) {
        index?.close();
        index = readJournal(folder).index();
      }
      viewer ??= openViewer(header, { folder, discovery });
      return viewer.view(index.at(position));
    },
    async close() {
      index?.close();
      await viewer?.close();
    },
  };
}
