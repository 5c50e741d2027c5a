import { create } from 'qrcode';
import { type Html, html } from '../../core/layout/html/escape.ts';

/** Modules of light around a code, without which cameras do not find it (ISO/IEC 18004). */
const QUIET = 4;

/**
 * A text as a QR code: one picture, named for those who do not see it, as large as the place it stands in. Always dark on light
 * with the quiet zone within it, also on a dark page: many cameras read no other. It needs no style, which a page's policy may forbid.
 */
export function qrSvg(text: string, label = 'QR code'): Html {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const side = modules.size + 2 * QUIET;
  return html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${label}" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges"><rect width="${side}" height="${side}" fill="#fff"/><path fill="#000" d="${pathOf(modules.data, modules.size)}"/></svg>`;
}

/** One path for all that is dark: a rectangle for each run of it in each row. */
function pathOf(data: Uint8Array, size: number): string {
  const runs: string[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (!data[y * size + x]) continue;
      const start = x;
      while (x + 1 < size && data[y * size + x + 1]) x++;
      const width = x + 1 - start;
      runs.push(`M${start + QUIET} ${y + QUIET}h${width}v1h-${width}z`);
    }
  }
  return runs.join('');
}
