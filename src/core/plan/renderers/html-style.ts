/** What the page of a plan needs besides the common style: figures at the head, a card for each scope, held ones marked. */
export const PLAN_STYLE = `
.head{padding:2.5rem 0 .5rem}
.figures{display:flex;flex-wrap:wrap;gap:.8rem 2.4rem;margin:1.2rem 0}
.figures div{display:flex;flex-direction:column-reverse}
.figures dt{color:var(--muted);font-size:.875rem}
.figures dd{margin:0;font-size:1.7rem;font-weight:650;line-height:1.15}
article{border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.3rem;margin:1.2rem 0}
article.held{border-left:4px solid var(--overdue)}
.title{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem .8rem}
.title h2{margin:0;padding:0;border:0;font-size:1.2rem}
.title p{margin:0}
.title .badge{margin-left:auto}
article h3{font-size:.9375rem;margin:1rem 0 .2rem}
.edits{list-style:none;margin:.7rem 0;padding:0}
.edits li{display:flex;gap:.7rem;padding:.15rem 0}
.sign{flex:none;width:1ch;font-weight:700;color:var(--muted)}
.place{color:var(--muted);margin-left:.4rem}
.names{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:.2rem 0 .6rem;padding:0;font-size:.9375rem}
.note.good{border-color:var(--good)}
.note p{max-width:none}
.note pre{overflow-x:auto;margin:.6rem 0 .2rem;padding:.8rem 1rem;background:var(--paper);border:1px solid var(--line);border-radius:.4rem;font-size:.9375rem;line-height:1.45}
.note pre code{overflow-wrap:normal}
summary{cursor:pointer;color:var(--accent)}
@media (max-width:40rem){
article{padding:.9rem 1rem}
.figures{gap:.6rem 1.6rem}
td.number:empty{display:none}
td.number{text-align:left}
caption{display:block}
.place{display:block;margin:0}
}
@media print{
.head{padding-top:0}
article{break-inside:avoid}
details>summary{color:inherit}
}
`;
