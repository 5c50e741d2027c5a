import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type Html, html } from '../../core/layout/html/escape.ts';
import type { Env } from './options.ts';
import { STATIC } from './static.ts';

/** A page of the portal. */
export interface PortalPage {
  readonly title: string;
  readonly content: Html;
  /** Whose page it is: the account, above the title. */
  readonly where?: string;
  /** Signed in: the bar at the top. */
  readonly bar?: Html;
  /** Tables need the room; forms do not. */
  readonly wide?: boolean;
  /** The page uses passkeys: the one script there is. */
  readonly script?: boolean;
}

/** Answers with a page. */
export async function show(c: Context<Env>, page: PortalPage, status: ContentfulStatusCode = 200): Promise<Response> {
  return c.html(pageOf(page).markup, status);
}

function pageOf({ title, content, where, bar, wide, script }: PortalPage): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${where === undefined ? title : `${title} · ${where}`}</title>
<link rel="stylesheet" href="${STATIC.style}">
<link rel="icon" href="${STATIC.icon}" type="image/svg+xml">
${script === true && html`<script src="${STATIC.webauthn}" defer></script><script src="${STATIC.script}" defer></script>`}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
${bar}
<main id="content" class="${wide === true ? 'wide' : 'narrow'}">
${where !== undefined && html`<p class="eyebrow">${where}</p>`}
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
}

/** A form that is sent to us, with what shows that a page of ours sent it. */
export function form(action: string, token: string, content: Html, className = ''): Html {
  return html`<form method="post" action="${action}" class="${className}"><input type="hidden" name="form" value="${token}">${content}</form>`;
}

/** What a field looks like. */
export interface FieldLook {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password' | 'email' | 'search';
  readonly value?: string;
  readonly hint?: Html | string;
  readonly autocomplete?: string;
  readonly inputmode?: 'numeric' | 'email' | 'text';
  readonly wrong?: string | undefined;
  readonly focus?: boolean;
  readonly required?: boolean;
  readonly code?: boolean;
  /** Where a page has two fields of one name. */
  readonly id?: string;
}

/** A field with its label above it, its hint below, and what is wrong with it where it is read out. */
export function field(look: FieldLook): Html {
  const { name, label, type, value, hint, autocomplete, inputmode, wrong, focus, required, code } = look;
  const id = look.id ?? name;
  const described = [hint === undefined ? '' : `${id}-hint`, wrong === undefined ? '' : `${id}-wrong`].filter(Boolean).join(' ');
  return html`<div class="field"><label for="${id}">${label}</label>
${wrong !== undefined && html`<p class="wrong" id="${id}-wrong">${wrong}</p>`}
<input id="${id}" name="${name}" type="${type ?? 'text'}" value="${value ?? ''}" autocomplete="${autocomplete ?? 'off'}" spellcheck="false" autocapitalize="none"${
    inputmode === undefined ? '' : html` inputmode="${inputmode}"`
  }${described === '' ? '' : html` aria-describedby="${described}"`}${wrong === undefined ? '' : html` aria-invalid="true"`}${
    focus === true ? html` autofocus` : ''
  }${required === false ? '' : html` required`}${code === true ? html` class="code"` : ''}>
${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}</div>`;
}

/** The button that a form ends with. */
export function button(label: string, kind: 'primary' | 'quiet' | 'danger' = 'primary'): Html {
  return html`<button class="${kind}">${label}</button>`;
}

/** What happened, said at the top of a page and read out. */
export function note(text: Html | string, tone: 'good' | 'warn' | 'bad' = 'warn'): Html {
  return html`<div class="note ${tone}" role="${tone === 'bad' ? 'alert' : 'status'}"><p>${text}</p></div>`;
}

/** What a table of ours says of a word from an address; nothing for any other word. */
export function saidOf<T>(table: Readonly<Record<string, T>>, word: string | undefined): T | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** An instant as people read it, and as machines do. */
export function instant(at: number): Html {
  const text = new Date(at).toISOString();
  return html`<time datetime="${text}">${new Date(at).toLocaleString('en-GB', FORMAT)} UTC</time>`;
}

const FORMAT = { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const;
