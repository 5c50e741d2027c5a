import { STYLE_SHEET } from '../../core/layout/html/style-sheet.ts';
import { ADMIN_STYLE } from './admin-style.ts';

/** The portal's style: that of every page, and what forms need. */
export const PORTAL_STYLE = `${STYLE_SHEET}
main.narrow{max-width:30rem;padding-top:clamp(2rem,9vh,6rem)}
main.narrow h1{font-size:1.7rem}
main.wide{padding-top:2rem}
form{margin:1.2rem 0}
form.inline{display:inline;margin:0}
.field{margin:1.1rem 0}
label{display:block;font-weight:600;margin-bottom:.3rem}
input,select{font:inherit;color:inherit;background:var(--paper);width:100%;padding:.6rem .75rem;border:1px solid var(--muted);border-radius:.5rem;min-height:2.75rem}
input.code{font:600 1.5rem/1.3 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:.12em}
input[aria-invalid]{border-color:var(--overdue);border-width:2px}
input[type=checkbox],input[type=radio]{width:auto;min-height:0;margin-right:.5rem}
.hint{color:var(--muted);font-size:.9rem;margin:.3rem 0 0}
.wrong{color:var(--bad-ink);font-weight:600;margin:.2rem 0 .4rem}
button,.button{font:inherit;font-weight:600;border:1px solid transparent;border-radius:.5rem;padding:.6rem 1.1rem;min-height:2.75rem;cursor:pointer;text-decoration:none;display:inline-block}
button.primary,.button.primary{background:var(--accent);color:var(--paper);width:100%;text-align:center}
.narrow>form>button.quiet,.narrow>button.quiet{width:100%}
button.quiet,.button.quiet{background:transparent;color:var(--accent);border-color:var(--line)}
button.danger{background:transparent;color:var(--bad-ink);border-color:var(--bad-ink)}
button[disabled]{opacity:.6}
.wide button.primary,.wide .button.primary{width:auto}
.note.good{border-color:var(--good)}
.note p{margin:.2rem 0}
.or{display:flex;align-items:center;gap:.8rem;color:var(--muted);font-size:.9rem;margin:1.4rem 0}
.or::before,.or::after{content:"";flex:1;border-top:1px solid var(--line)}
.links{list-style:none;padding:0;margin:1.6rem 0 0;font-size:.95rem}
.links li{margin:.35rem 0}
.qr{background:#fff;padding:.9rem;border-radius:.6rem;border:1px solid var(--line);width:min(15rem,100%);margin:1rem 0}
.qr svg{display:block;width:100%;height:auto}
.secret{font:600 1rem/1.7 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--panel);border-radius:.5rem;padding:.6rem .8rem;user-select:all;overflow-wrap:anywhere}
.codes{list-style:none;display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.4rem;padding:0;margin:1rem 0}
.codes li{font:600 1rem/1.6 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--panel);border-radius:.4rem;padding:.3rem .7rem}
ol.steps{padding-left:1.3rem}
ol.steps>li{margin:.9rem 0}
details{margin:.8rem 0}
summary{cursor:pointer;color:var(--accent);font-weight:600;padding:.3rem 0}
.bar-top{border-bottom:1px solid var(--line);background:var(--panel)}
.bar-top nav{max-width:70rem;margin:0 auto;padding:.5rem 1.5rem;display:flex;flex-wrap:wrap;align-items:center;gap:.3rem 1.2rem}
.bar-top a{text-decoration:none;padding:.35rem 0}
.bar-top a[aria-current]{font-weight:650;color:var(--ink);border-bottom:2px solid var(--accent)}
.bar-top .brand{font-weight:700;color:var(--ink)}
.bar-top .end{margin-left:auto;display:flex;align-items:center;gap:.8rem}
.bar-top button{padding:.25rem .8rem;min-height:2.1rem}
.card{border:1px solid var(--line);border-radius:.7rem;padding:1rem 1.2rem;margin:1rem 0}
.card form:not(.inline){margin:.8rem 0 .3rem}
.card h2{border:0;margin:0 0 .4rem;padding:0;font-size:1.1rem}
.row{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;justify-content:space-between;padding:.6rem 0;border-top:1px solid var(--line)}
.row:first-of-type{border-top:0}
@media (max-width:40rem){
.bar-top nav{padding:.5rem 1rem}
main.narrow{padding-top:1.6rem}
}${ADMIN_STYLE}
@media print{.bar-top,form,button{display:none}}
`;
