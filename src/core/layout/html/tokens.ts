/**
 * What a part of a figure means, and so its colour: each stands beside words that say the same, and unknown is hatched, so
 * that nothing is told by colour alone.
 */
export const TONES = ['good', 'upstream', 'exempt', 'pending', 'missing', 'overdue', 'unknown', 'apart', 'idle'] as const;
export type Tone = (typeof TONES)[number];

/** Colours by name, light and dark. Texts on their grounds have a contrast of 4.5 or more in both, which a test tries in a browser. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  paper: ['#ffffff', '#12161d'],
  panel: ['#f5f6f8', '#1a2029'],
  ink: ['#1a2230', '#e7eaf0'],
  muted: ['#566072', '#a0abbb'],
  line: ['#e1e5eb', '#2c3541'],
  accent: ['#2f4fb5', '#9db5ff'],
  'good-ink': ['#12684a', '#6bd6ac'],
  'good-ground': ['#e0f3ea', '#16352b'],
  'warn-ink': ['#7a4d00', '#f0c674'],
  'warn-ground': ['#fcf0d6', '#382c14'],
  'bad-ink': ['#a3241c', '#ff9d92'],
  'bad-ground': ['#fbe6e3', '#3d1f1d'],
  'idle-ink': ['#4c5668', '#b3bdcb'],
  'idle-ground': ['#e9ecf1', '#28303b'],
  good: ['#2f9e76', '#3fae86'],
  upstream: ['#8fd0b6', '#2b6e58'],
  exempt: ['#e2b34f', '#c79a3c'],
  pending: ['#86a7e8', '#5f83cc'],
  missing: ['#e48a6c', '#cf7657'],
  overdue: ['#c2382c', '#e0584b'],
  unknown: ['#8b94a3', '#7f8998'],
  apart: ['#a48ad0', '#8a70b8'],
  idle: ['#d4d9e1', '#3a4451'],
};

const declare = (side: 0 | 1) =>
  Object.entries(COLOURS)
    .map(([name, pair]) => `--${name}:${pair[side]}`)
    .join(';');

/** The colours as custom properties, by the reader's scheme; paper is always light. */
export const TOKENS = `:root{color-scheme:light dark;${declare(0)}}
@media (prefers-color-scheme:dark){:root{${declare(1)}}}
@media print{:root{color-scheme:light;${declare(0)}}}
${TONES.map((tone) => `.tone-${tone}{fill:var(--${tone});background:var(--${tone})}`).join('\n')}
svg .tone-unknown{fill:url(#hatch)}`;
