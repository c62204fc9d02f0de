import type { FindingTable } from './finding-table.js';
import type { ImageTable } from './image-table.js';
import { type Selection, selectFindings, selectImages } from './selection.js';
import type { ListName, ViewState } from './view-state.js';

/** A list that grows is sorted and narrowed anew at most this often. */
const ANEW_MS = 1000;

interface Kept {
  query: string;
  size: number;
  version: number;
  at: number;
  selection: Selection;
}

/** What the lists show, made anew when the question is another one or, now and then, when there is more to choose from. */
export function createSelections(now: () => number) {
  const kept: Partial<Record<ListName, Kept>> = {};

  function current(
    name: ListName,
    query: object,
    size: number,
    version: number,
    streams: boolean,
    select: () => Selection,
  ) {
    const text = JSON.stringify(query);
    const before = kept[name];
    const same = before?.query === text;
    if (same && before.size === size && before.version === version) return before.selection;
    if (same && streams && before.size > 0 && now() - before.at < ANEW_MS && !isPlain(query)) return before.selection;
    const selection = select();
    kept[name] = { query: text, size, version, at: now(), selection };
    return selection;
  }

  return {
    of(given: {
      images: ImageTable;
      findings: FindingTable;
      view: ViewState;
      streams: boolean;
    }): Record<ListName, Selection> {
      const { images, findings, view, streams } = given;
      const imageQuery = { ...pickQuery(view.images), focus: view.focus };
      const findingQuery = pickQuery(view.findings);
      return {
        // A finding that came late changes which images a rule selects.
        images: current(
          'images',
          imageQuery,
          images.size,
          imageQuery.filter.rule === null ? 0 : findings.size,
          streams,
          () => selectImages(images, imageQuery),
        ),
        findings: current('findings', findingQuery, findings.size, 0, streams, () =>
          selectFindings(findings, findingQuery),
        ),
      };
    },
  };
}

function pickQuery<S>({
  filter,
  sort,
  descending,
}: {
  filter: ViewState['images']['filter'];
  sort: S;
  descending: boolean;
}) {
  return { filter, sort, descending };
}

/** All rows in their order: nothing to compute. */
function isPlain(query: object): boolean {
  const { filter, sort, descending } = query as ReturnType<typeof pickQuery<string>>;
  return sort === 'order' && !descending && Object.values(filter).every((choice) => choice === null || choice === '');
}
