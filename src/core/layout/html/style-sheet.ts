import { TOKENS } from './tokens.ts';

/** The style of every page: type, tables that become cards on a phone, badges, charts, print. What one page needs alone stands with it. */
export const STYLE_SHEET = `${TOKENS}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
@media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:70rem;margin:0 auto;padding:0 1.5rem}
main{padding-top:3rem;padding-bottom:4rem}
h1,h2,h3{line-height:1.2;font-weight:650;letter-spacing:-.01em;text-wrap:balance}
h1{font-size:2.1rem;margin:.2rem 0 .6rem}
h2{font-size:1.35rem;margin:3rem 0 .5rem;padding-top:1.2rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:0}
p{margin:.4rem 0;max-width:46rem}
a{color:var(--accent);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
code{font:.875em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
bdi,td,th,p,dt,dd,li{overflow-wrap:anywhere}
.skip{position:absolute;left:-100rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem 1rem;z-index:1}
.hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.muted{color:var(--muted)}
.small{font-size:.875rem}
.eyebrow{margin:0;color:var(--muted);font-size:.875rem;font-weight:550}
.badge{display:inline-block;padding:.1rem .6rem;border-radius:1rem;font-size:.8125rem;font-weight:600;white-space:nowrap;background:var(--idle-ground);color:var(--idle-ink)}
.badge.good{background:var(--good-ground);color:var(--good-ink)}
.badge.warn{background:var(--warn-ground);color:var(--warn-ink)}
.badge.bad{background:var(--bad-ground);color:var(--bad-ink)}
.note{background:var(--panel);border-left:3px solid var(--muted);border-radius:0 .4rem .4rem 0;padding:.6rem 1rem;margin:1rem 0;max-width:none}

.note ul{margin:.3rem 0;padding-left:1.2rem}
.note.warn{border-color:var(--exempt)}
.note.bad{border-color:var(--overdue)}
table{border-collapse:collapse;width:100%;font-size:.9375rem;margin:.8rem 0}
caption{text-align:left;color:var(--muted);font-size:.875rem;padding:.2rem 0}
th,td{text-align:left;vertical-align:top;padding:.5rem .9rem .5rem 0;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-size:.8125rem;font-weight:600;border-bottom-color:var(--muted)}
tbody th{font-weight:600}
th .small{font-weight:400}
.number{text-align:right}
.bar{display:block;width:100%;height:14px;border-radius:4px;overflow:hidden;background:var(--idle-ground)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;margin:.45rem 0 0;padding:0;font-size:.875rem}
.legend li{white-space:nowrap}
.key{display:inline-block;width:.75em;height:.75em;margin-right:.45em;vertical-align:baseline}
.trend{display:grid;grid-template-columns:46px 1fr}
.trend>svg{width:100%;height:175px;overflow:visible}
.trend text{fill:var(--muted);font-size:12px}
.trend .grid{stroke:var(--line);stroke-width:1}
.trend .area{fill:var(--good);opacity:.14}
.trend .run{fill:none;stroke:var(--good);stroke-width:2.5;vector-effect:non-scaling-stroke}
.trend .dot{fill:var(--good);stroke:var(--paper);stroke-width:2}
.trend .gap{fill:var(--paper);stroke:var(--unknown);stroke-width:2}
footer{color:var(--muted);font-size:.875rem;margin-top:3rem;padding-top:1.2rem;border-top:1px solid var(--line)}
@media (max-width:40rem){
main{padding:1.6rem 1rem 3rem}
h1{font-size:1.6rem}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
table,caption,tbody,tr,th,td{display:block}
tr{padding:.7rem 0;border-bottom:1px solid var(--line)}
th,td{border:0;padding:.1rem 0;text-align:left}
td.brief{display:inline-block;margin-right:1rem}
td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--muted)}
}
@media print{
@page{margin:16mm 14mm}
body{font-size:10pt}
main{max-width:none;padding:0}
.screen{display:none}
h2{margin-top:1.4rem}
h2,h3{break-after:avoid}
tr,article,figure,.note{break-inside:avoid}
thead{display:table-header-group}
.bar,.badge,.key,.note,.trend{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}
}
`;
