import { describe, expect, test } from 'vitest';
import { NOTICES, type NoticeAbout } from '../../../src/core/model/sign-in.ts';
import { noticeText, timeText } from '../../../src/core/notices/words.ts';

const AT = Date.UTC(2026, 10, 25, 8, 5);
const DETAILS: Readonly<Partial<Record<NoticeAbout, readonly Readonly<Record<string, string | number>>[]>>> = {
  'recovery-code-used': [{ left: 7 }, { left: 1 }, { left: 0 }],
  'factor-added': [
    { kind: 'totp', at: AT },
    { kind: 'passkey', at: AT },
  ],
  'factor-removed': [
    { kind: 'totp', at: AT },
    { kind: 'passkey', at: AT },
  ],
};
const LINKED: readonly NoticeAbout[] = ['invitation', 'unlock', 'password-reset'];
const TOKEN = 'x'.repeat(43);

function mailOf(about: NoticeAbout, detail: Readonly<Record<string, string | number>> = { at: AT }, name: string | null = 'Ada Moreau') {
  const link = { url: `https://mfa.northwind.example/${about}/${TOKEN}`, until: AT + 3_600_000 };
  return noticeText(
    { about, detail, createdAt: AT },
    { where: 'Northwind IT', name, by: 'Dana Lindqvist', ...(LINKED.includes(about) && { link }) },
  );
}

test('every mail, as people read it', async () => {
  const mails = NOTICES.flatMap((about) =>
    (DETAILS[about] ?? [{ at: AT }]).map((detail) => {
      const { subject, text } = mailOf(about, detail);
      return `=== ${about} ${JSON.stringify(detail)}\nSubject: ${subject}\n\n${text}`;
    }),
  );
  await expect(`${mails.join('\n')}`).toMatchFileSnapshot('../../golden/notices.txt');
});

describe.each(NOTICES)('%s', (about) => {
  const { subject, text } = mailOf(about);

  test('says where, what happened and what to do, in one subject line and text for any reader', () => {
    expect(subject).toMatch(/^[\x20-\x7e]{10,80}$/);
    expect(subject).toContain('Northwind IT');
    expect(text).toMatch(/[Ii]f (this|it) was not you|If you do not expect|If you did not ask/);
    expect(text).not.toMatch(/undefined|null|NaN|Invalid|<[a-z]/);
    expect(text.endsWith('\n')).toBe(true);
  });

  test('holds one address to go to where it has a link, and none where it has not', () => {
    expect(text.match(/https?:/g) ?? []).toHaveLength(LINKED.includes(about) ? 1 : 0);
  });

  test('names of others steer nobody', () => {
    const wicked = 'Bob\r\nBcc: all@northwind.example\u202e\u001b[2J http://evil.example www.evil.example';
    const link = { url: 'https://mfa.northwind.example/x', until: AT };
    const mail = noticeText({ about, detail: { at: AT }, createdAt: AT }, { where: wicked, name: wicked, by: wicked, link });
    expect(mail.subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(mail.text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(mail.text).not.toMatch(/^Bcc:/m);
    expect(mail.text.match(/https?:\/\/|www\./g)).toEqual(['https://']);
    expect(noticeText({ about, detail: {}, createdAt: AT }, { where: 'x'.repeat(5000), name: 'y'.repeat(5000) }).text.length).toBeLessThan(
      2000,
    );
  });
});

test('nobody without a name is called by none, and what a detail does not say is passed over', () => {
  expect(mailOf('locked', {}, null).text).toMatch(/^Hello,\n/);
  expect(mailOf('locked', {}).text).toContain('25 November 2026, 08:05 UTC');
  expect(mailOf('factor-added', { kind: 'sms' }).text).toContain('with a second factor');
  expect(mailOf('recovery-code-used', {}).text).not.toContain('left');
  expect(noticeText({ about: 'unlocked', detail: {}, createdAt: AT }, { where: 'x', name: null }).text).toContain(
    'An administrator unlocked',
  );
});

test('times are of no time zone but UTC', () => {
  expect(timeText(Date.UTC(2026, 0, 1))).toBe('1 January 2026, 00:00 UTC');
});
