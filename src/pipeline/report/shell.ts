import { type Html, html, trusted } from './html.js';
import { STYLE } from './style.js';
import { textures } from './textures.js';

/** No script, no network, no form: the page is read, and nothing that a file name holds can run. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export interface PageParts {
  /** Of the window, and above the page. */
  title: string;
  name: string;
  /** What the page is about, below its name. */
  about: Html;
  /** Sections in their order; null ones are left out. */
  sections: readonly (readonly [id: string, title: string, section: Html | null])[];
  foot: Html;
  version: string;
}

/** A whole page around its sections. */
export function pageShell({ title, name, about, sections, foot, version }: PageParts): string {
  const shown = sections.filter(([, , section]) => section !== null);
  const page = html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="${`maskaudit ${version}`}">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${textures()}
<header>
<h1>${name}</h1>
<p>${about}</p>
</header>
<nav aria-label="Sections"><ul>${shown.map(([id, head]) => html`<li><a href="${`#${id}`}">${head}</a></li>`)}</ul></nav>
<main>
${shown.map(([, , section]) => section)}
</main>
<footer><p>${foot}</p></footer>
</body>
</html>
`;
  return `<!doctype html>\n${page.markup}`;
}
