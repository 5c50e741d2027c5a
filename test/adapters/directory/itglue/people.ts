import type { Resource } from './server.ts';

/** A user with every attribute that the API gives, most of them null as it gives them. */
export function user(id: number, more: Readonly<Record<string, unknown>> = {}): Resource {
  return {
    id: String(id),
    type: 'users',
    attributes: {
      'first-name': `First${id}`,
      'last-name': `Last${id}`,
      name: `First${id} Last${id}`,
      email: `user${id}@northwind.example`,
      'role-name': 'Editor',
      'role-id': 3,
      avatar: null,
      'invitation-sent-at': '2025-01-01T08:00:00.000Z',
      'invitation-accepted-at': null,
      'current-sign-in-at': null,
      'current-sign-in-ip': null,
      'last-sign-in-at': null,
      'last-sign-in-ip': null,
      reputation: 0,
      'my-glue': false,
      'my-glue-account-id': null,
      'salesforce-id': null,
      'created-at': '2025-01-01T08:00:00.000Z',
      'updated-at': '2025-01-01T08:00:00.000Z',
      ...more,
    },
  };
}

/** A user of a MyGlue account, by IT Glue's id of it. */
export function myGlueUser(id: number, account: number, more: Readonly<Record<string, unknown>> = {}): Resource {
  return user(id, { 'my-glue': true, 'my-glue-account-id': account, ...more });
}

/** An organization; `account` is its MyGlue account's id. */
export function organization(id: number, name: string, account: number | null = null): Resource {
  return {
    id: String(id),
    type: 'organizations',
    attributes: {
      name,
      'short-name': null,
      primary: false,
      'organization-type-id': 1,
      'organization-type-name': 'Customer',
      'organization-status-id': 1,
      'organization-status-name': 'Active',
      'my-glue-account-id': account,
      'my-glue-account-status': account === null ? null : 'active',
      'psa-integration': 'disabled',
      alert: null,
      description: null,
      'quick-notes': '<p>never read</p>',
      'created-at': '2025-01-01T08:00:00.000Z',
      'updated-at': '2025-01-01T08:00:00.000Z',
      logo: null,
    },
  };
}

/** `count` users of the account, by ids from `from`. */
export const users = (count: number, from = 1): Resource[] => Array.from({ length: count }, (_, index) => user(from + index));

/** A small directory: an account with two MyGlue accounts, one of which covers two organizations. */
export const SMALL = {
  users: [
    user(1, { 'role-name': 'Administrator', 'current-sign-in-at': '2026-11-24T08:00:00.000Z' }),
    user(2, { 'role-name': 'Read-only', email: null, 'first-name': null }),
    user(3, { 'role-name': 'Dispatcher' }),
    user(4, { 'role-name': 'Lite', name: null, 'first-name': 'Zoë', 'last-name': '山田' }),
    myGlueUser(5, 7001),
    myGlueUser(6, 7002, { 'role-name': 'Lite' }),
  ],
  organizations: [
    organization(51, 'Sunrise Bakery', 7001),
    organization(52, 'Sunrise Café', 7001),
    organization(53, 'Harbor Clinic', 7002),
    organization(54, 'Miller'),
  ],
} as const;
