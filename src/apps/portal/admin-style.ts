/** What the pages of administrators need besides: tabs, filters, padlocks, two columns where there is room. */
export const ADMIN_STYLE = `
.tabs ul{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:0 0 1rem;padding:0;border-bottom:1px solid var(--line)}
.tabs a{display:block;padding:.5rem 0;text-decoration:none}
.tabs a[aria-current]{color:var(--ink);font-weight:650;border-bottom:3px solid var(--accent)}
form.filters{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:flex-end;margin:.6rem 0 1rem}
.filters .field{margin:0;flex:1 1 14rem;max-width:24rem}
.filters select{min-width:10rem}
.lock{display:inline-flex;align-items:center;gap:.4rem;font-weight:600;white-space:nowrap}
.lock svg{flex:none}
.lock.closed{color:var(--good-ink)}
.lock.open{color:var(--bad-ink)}
.lock.unknown{color:var(--idle-ink)}
.glance{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;color:var(--muted);margin-top:-.3rem}
.columns{display:grid;grid-template-columns:minmax(0,3fr) minmax(0,2fr);gap:0 1.5rem;align-items:start}
.wide h2{margin-top:2rem}
.wide .card h2{margin-top:0}
dl{display:grid;grid-template-columns:minmax(6.5rem,max-content) 1fr;gap:.25rem 1rem;margin:.6rem 0;font-size:.9375rem}
dt{color:var(--muted)}
dd{margin:0}
.membership+.membership,.act+.act{border-top:1px solid var(--line);margin-top:1rem;padding-top:1rem}
.act form{margin:.6rem 0 0}
.act .field{margin:.6rem 0}
.waiting{border-color:var(--exempt)}
.waiting form{margin:.6rem 0 0}
ul.plain{list-style:none;padding:0;margin:.5rem 0}
ul.plain li{margin:.5rem 0}
ul.files{list-style:none;display:inline-flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0;padding:0}
q{quotes:"“" "”"}
pre{background:var(--panel);border-radius:.5rem;padding:.8rem 1rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.6rem 0}
td.when{white-space:nowrap}
@media (min-width:40.01rem){
.people th:first-child{width:25%}
.people th:nth-child(2){width:6.5rem}
.people th:nth-child(4){width:10.5rem}
.people th:nth-child(5){width:9rem}
.log th[scope=col]:first-child{width:13rem}
.log th[scope=col]:last-child{width:18.5rem}
.requests th[scope=col]:first-child{width:17rem}
.requests th[scope=col]:nth-child(4){width:17rem}
.kept th[scope=col]:first-child{width:14rem}
.kept th[scope=col]:last-child{width:17rem}
}
.filters input,.filters select{height:2.75rem}
.stand{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .7rem}
h1+section>h2:first-child{border-top:0;margin-top:0;padding-top:0}
.foot{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:.5rem 1.5rem}
.pager{display:flex;gap:.6rem;margin:1rem 0}
.figure{font-size:1.15rem}
@media (max-width:52rem){.columns{grid-template-columns:minmax(0,1fr)}}
@media (max-width:40rem){
.tabs ul{flex-wrap:nowrap;overflow-x:auto;gap:1.2rem}
.tabs a{white-space:nowrap}
dl{grid-template-columns:6.2rem 1fr;gap:.3rem .7rem}
td.when{white-space:normal}
}
`;
