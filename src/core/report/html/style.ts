/** What a report needs besides the common style of pages. */
export const REPORT_STYLE = `
.verdict{display:flex;flex-wrap:wrap;align-items:center;gap:.6rem 1rem;margin:.2rem 0 1.6rem}
.verdict .badge{font-size:1rem;padding:.25rem .9rem}
.headline{display:grid;grid-template-columns:minmax(10rem,auto) 1fr;gap:1rem 3rem;align-items:center;background:var(--panel);border-radius:.8rem;padding:1.5rem 1.8rem}
.figure{font-size:3.4rem;font-weight:650;line-height:1;letter-spacing:-.03em}
.figure.word{font-size:1.7rem;line-height:1.15;letter-spacing:-.01em}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(11rem,1fr));gap:.9rem 2rem;margin:1.6rem 0}
.facts div{border-top:2px solid var(--line);padding-top:.4rem}
.facts dt{color:var(--muted);font-size:.8125rem}
.facts dd{margin:0}
.contents{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;list-style:none;padding:0;margin:1.2rem 0 0;font-size:.9375rem}
.scope{display:grid;grid-template-columns:15rem 1fr;gap:.4rem 2.5rem;padding:1.3rem 0;border-bottom:1px solid var(--line)}
.scope:first-of-type{border-top:1px solid var(--line)}
.scope .badge{margin-top:.35rem}
.scope .says{font-size:1.15rem;font-weight:600;margin:0 0 .5rem;max-width:none}
figure{margin:1rem 0 0}
figcaption{color:var(--muted);font-size:.875rem;margin-bottom:.6rem}
.empty{color:var(--muted)}
@media (max-width:40rem){
.headline,.scope{grid-template-columns:1fr}
.headline{padding:1.2rem}
.figure{font-size:2.8rem}
}
`;
