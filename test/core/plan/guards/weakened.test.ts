import { describe, expect, it } from 'vitest';
import type { ScopeDiff } from '../../../../src/core/plan/diff-scopes.ts';
import { orphaned } from '../../../../src/core/plan/guards/orphaned.ts';
import { weakened } from '../../../../src/core/plan/guards/weakened.ts';
import { impactOf } from '../../../../src/core/plan/impact.ts';
import { limitsOf } from '../../../../src/core/policy/limits.ts';
import { policyText } from '../../policy/world.ts';
import { appliedFrom, brief, changesTo, NOW, question, row } from '../world.ts';

/** The verdict on a policy that went away. */
function gone(spec: object) {
  const inForce = appliedFrom([policyText('northwind', spec)]);
  const [diff] = changesTo([], inForce).diffs.changed as [ScopeDiff];
  return { diff, impact: impactOf([], [], null), limits: limitsOf(undefined), applied: inForce, stranded: undefined, now: NOW };
}

const people = [
  row('northwind', 'enrolled', 'role-not-listed', 3, { role: 'Lite', kinds: 1 }),
  row('northwind', 'past-deadline', 'role-not-listed', 4, { role: 'Lite' }),
  row('northwind', 'enrolled', 'enrolled', 9, { kinds: 1 }),
  row('northwind', 'disabled', 'disabled', 5, { role: 'Lite', kinds: 1 }),
];

describe('names each edit with the number of people', () => {
  it('of the roles that it concerns, the enrolled ones apart', () => {
    const verdict = weakened(question({}, { roles: ['Administrator', 'Manager', 'Editor', 'Creator', 'ReadOnly'] }, people));
    expect(verdict && brief(verdict)).toBe('weakened refused: Lite no longer required, 7 people (3 enrolled)');
    expect(verdict?.data).toEqual([{ field: 'roles', what: 'Lite no longer required', roles: ['Lite'], people: 7, enrolled: 3 }]);
    expect(verdict?.remedy).toContain('GuardOverride');
  });

  it('one person, and several edits', () => {
    const rows = [row('northwind', 'enrolled', 'enrolled', 1, { kinds: 1 })];
    const verdict = weakened(question({ enrollment: 'Token' }, { gracePeriod: '1d' }, rows));
    expect(verdict?.message).toBe(
      'grace period longer: 0 → 1d, 1 person (1 enrolled); first set-up no longer needs a token, 1 person (1 enrolled)',
    );
  });

  it('enrolled in a kind that was allowed before', () => {
    const rows = [row('northwind', 'past-deadline', 'enrolled', 2, { kinds: 1 })];
    const verdict = weakened(question({ factors: ['passkey'], roles: ['Editor'] }, { roles: ['Editor'] }, rows));
    expect(verdict?.message).toBe('totp now accepted for Editor, 2 people (0 enrolled)');
  });

  it('nobody: terms are compared, members or not', () => {
    expect(weakened(question({}, { mode: 'ReportOnly' }))?.message).toBe('report only, no longer enforced, 0 people (0 enrolled)');
  });
});

it('what is not weaker is not its business', () => {
  expect(weakened(question({ gracePeriod: '7d' }, { factors: ['passkey'] }, people))).toBeUndefined();
  expect(weakened(question(null, {}, people))).toBeUndefined();
});

describe('the default for MyGlue accounts is compared as the terms of one that is still to come', () => {
  const strict = { myGlueDefault: { requireMfa: true } };

  it('weaker, or gone', () => {
    expect(weakened(question(strict, { myGlueDefault: { requireMfa: false } }))?.message).toBe(
      'new MyGlue accounts: MFA no longer required',
    );
    expect(weakened(question(strict, {}))?.message).toBe('new MyGlue accounts: MFA no longer required');
    expect(weakened(question(strict, { myGlueDefault: { requireMfa: true, gracePeriod: '1d' } }))?.data).toEqual([
      {
        field: 'myGlueDefault.gracePeriod',
        what: 'grace period longer: 0 → 1d',
        roles: ['Editor', 'Creator', 'Lite'],
        people: 0,
        enrolled: 0,
      },
    ]);
  });

  it('new, or stronger', () => {
    expect(weakened(question({}, strict))).toBeUndefined();
    expect(weakened(question(strict, { myGlueDefault: { requireMfa: true, factors: ['passkey'] } }))).toBeUndefined();
  });

  it('gone with its document: kept with an orphan, judged with one that is deleted', () => {
    expect(weakened(gone({ ...strict, requireMfa: false }))).toBeUndefined();
    expect(weakened(gone({ ...strict, requireMfa: false, deletionPolicy: 'Delete' }))?.message).toBe(
      'new MyGlue accounts: MFA no longer required',
    );
  });
});

describe('a document that went away', () => {
  it('kept: a note that holds nothing, and no weakening', () => {
    const verdict = orphaned(gone({}));
    expect(verdict).toMatchObject({ guard: 'orphaned', outcome: 'note', scope: 'northwind', remedy: '' });
    expect(verdict?.message).toBe('its document is gone; the requirement of "northwind" stays in force');
    expect(weakened(gone({}))).toBeUndefined();
  });

  it('with deletionPolicy: Delete: a weakening, and no note', () => {
    expect(orphaned(gone({ deletionPolicy: 'Delete' }))).toBeUndefined();
    expect(weakened(gone({ deletionPolicy: 'Delete' }))?.message).toBe('MFA no longer required, 0 people (0 enrolled)');
  });
});

describe('somebody who is not named as break-glass any more', () => {
  const named = { breakGlass: ['glass@northwind.example', 'ada@northwind.example'] };

  it('is named in the refusal, whatever else stays', () => {
    const verdict = weakened(question(named, { breakGlass: ['ada@northwind.example'] }, people));
    expect(verdict && brief(verdict)).toBe('weakened refused: no break-glass user any more: glass@northwind.example');
    expect(verdict?.data).toMatchObject([{ field: 'breakGlass', people: 1 }]);
    expect(weakened(question(named, {}))?.message).toContain('ada@northwind.example, glass@northwind.example');
    expect(weakened(question({ ...named, mode: 'ReportOnly' }, { mode: 'ReportOnly' }))?.outcome).toBe('refused');
    expect(weakened(question({ ...named, requireMfa: false }, { requireMfa: false }))?.outcome).toBe('refused');
  });

  it('because the document goes; one that is kept keeps them', () => {
    expect(weakened(gone({ ...named, deletionPolicy: 'Delete' }))?.message).toContain('no break-glass user any more');
    expect(weakened(gone(named))).toBeUndefined();
  });

  it('more of them, another order or other letters take nobody away', () => {
    expect(
      weakened(question(named, { breakGlass: ['Ada@northwind.example', 'glass@northwind.example', 'new@x.example'] })),
    ).toBeUndefined();
    expect(weakened(question({}, named))).toBeUndefined();
  });
});
