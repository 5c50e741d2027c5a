import { createHash } from 'node:crypto';
import { escapeHtml, html } from './escape.ts';
import { STYLE_SHEET } from './style-sheet.ts';

/** What a page is called, and what it needs besides the common style. */
export interface Page {
  readonly title: string;
  /** The program and its version. */
  readonly generator: string;
  /** Style of this page alone. */
  readonly style?: string;
}

/**
 * The beginning of a page that is one file: no script, nothing fetched, opens anywhere. The policy that it carries allows its
 * own style by hash and nothing else, not even a style attribute. What follows is the content of `main`; {@link pageEnd} ends it.
 */
export function pageStart(page: Page): string {
  const style = STYLE_SHEET + (page.style ?? '');
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
  const head = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="generator" content="${page.generator}">
<title>${page.title}</title>
<link rel="icon" href="data:,">
`;
  return `${head}<style>${style}</style>
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<svg class="hidden" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" fill="var(--idle-ground)"/><rect width="3" height="6" fill="var(--unknown)"/></pattern></defs></svg>
<main id="content" aria-label="${escapeHtml(page.title)}">
`;
}

/** The end of a page that {@link pageStart} began. */
export const pageEnd = '</main>\n</body>\n</html>\n';
