import type { FactorKind, Role } from '../../../core/model/words.ts';

/** A person of the demo world whom texts and tests call by name. */
export interface NamedPerson {
  /** What stands before the `@` of the address. */
  readonly local: string;
  readonly name: string;
  /** The account, or the slug of a MyGlue account; the address's domain too. */
  readonly place: string;
  readonly role: Role;
  readonly enrolled: readonly FactorKind[];
}

/** Local part of the address, name, role, kinds enrolled. */
type Entry = readonly [string, string, Role, readonly FactorKind[]];

const BY_PLACE: Readonly<Record<string, readonly Entry[]>> = {
  northwind: [
    ['admin.dana', 'Dana Lindqvist', 'Administrator', ['totp', 'passkey']],
    ['breakglass', 'Break Glass', 'Administrator', ['passkey']],
    ['ada', 'Ada Moreau', 'Editor', []],
    ['ben', 'Ben Okafor', 'Editor', []],
    ['ilse', 'Ilse Brandt', 'Administrator', []],
    ['carla', 'Carla Neri', 'Manager', ['totp']],
    ['david', 'David Cohen', 'Manager', ['passkey']],
    ['elena', 'Elena Petrova', 'Editor', ['totp']],
    ['felix', 'Felix Wagner', 'Editor', ['totp']],
    ['grace', 'Grace Kim', 'Editor', ['totp']],
    ['hugo', 'Hugo Martin', 'Editor', ['totp']],
    ['irene', 'Irene Costa', 'Editor', ['passkey']],
    ['jonas', 'Jonas Berg', 'Editor', ['totp']],
    ['kira', 'Kira Novak', 'Editor', ['totp']],
    ['liam', 'Liam Walsh', 'Creator', ['totp']],
    ['mona', 'Mona Haddad', 'Creator', ['totp']],
    ['nils', 'Nils Dahl', 'Creator', ['totp', 'passkey']],
    ['olga', 'Olga Kovacs', 'Creator', ['totp']],
    ['paul', 'Paul Lefevre', 'Creator', ['totp']],
    ['quinn', 'Quinn Harper', 'ReadOnly', ['totp']],
    ['rosa', 'Rosa Vidal', 'ReadOnly', ['totp']],
    ['sven', 'Sven Larsen', 'ReadOnly', ['totp']],
    ['tara', 'Tara Singh', 'Lite', ['totp']],
    ['uwe', 'Uwe Fischer', 'Lite', ['totp']],
    ['vera', 'Vera Lang', 'Lite', ['totp']],
    ['wade', 'Wade Collins', 'Editor', []],
    ['xenia', 'Xenia Roth', 'Editor', []],
    ['yusuf', 'Yusuf Demir', 'Creator', []],
    ['zoe', 'Zoe Bennett', 'Creator', []],
    ['anton', 'Anton Weiss', 'ReadOnly', []],
    ['bianca', 'Bianca Rossi', 'ReadOnly', []],
    ['cyril', 'Cyril Dubois', 'Manager', []],
    ['doris', 'Doris Klein', 'Lite', []],
    ['emil', 'Emil Hansen', 'Lite', []],
    ['frida', 'Frida Olsen', 'Lite', []],
  ],
  bakery: [
    ['rita', 'Rita Baker', 'Editor', ['totp']],
    ['tom', 'Tom Baker', 'Editor', []],
    ['sara', 'Sara Conte', 'Creator', ['totp']],
    ['luca', 'Luca Ferri', 'Creator', []],
    ['mia', 'Mia Jensen', 'Lite', ['totp']],
    ['noah', 'Noah Peters', 'Lite', []],
    ['lea', 'Lea Simon', 'Lite', []],
    ['max', 'Max Vogel', 'Lite', []],
    ['nina', 'Nina Sousa', 'Lite', []],
    ['otto', 'Otto Braun', 'Lite', []],
    ['pia', 'Pia Lund', 'Lite', []],
    ['ron', 'Ron Castle', 'Lite', []],
  ],
  clinic: [
    ['amir', 'Amir Rahimi', 'Editor', ['totp']],
    ['beth', 'Beth Young', 'Editor', ['passkey']],
    ['chen', 'Chen Wei', 'Creator', ['totp']],
    ['dora', 'Dora Kiss', 'Creator', ['totp']],
    ['ezra', 'Ezra Stone', 'Lite', ['totp']],
    ['fay', 'Fay Morgan', 'Lite', ['totp']],
    ['gus', 'Gus Meyer', 'Lite', []],
    ['hana', 'Hana Sato', 'Lite', []],
    ['ivan', 'Ivan Horvat', 'Lite', []],
  ],
  garage: [
    ['jack', 'Jack Miller', 'Editor', ['totp']],
    ['kate', 'Kate Miller', 'Creator', ['totp']],
    ['leo', 'Leo Grant', 'Lite', ['totp']],
    ['meg', 'Meg Doyle', 'Lite', []],
    ['ned', 'Ned Flynn', 'Lite', []],
    ['oona', 'Oona Reid', 'Lite', []],
  ],
};

/** The 62 people of Northwind IT and its three clients, the account's first, and of those its administrators. */
export const NAMED_PEOPLE: readonly NamedPerson[] = Object.entries(BY_PLACE).flatMap(([place, entries]) =>
  entries.map(([local, name, role, enrolled]) => ({ local, name, place, role, enrolled })),
);

/** The break-glass user of the account: keeps a passkey in a safe, and has never signed in. */
export const BREAK_GLASS = 'breakglass@northwind.example';
