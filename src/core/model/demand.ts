import { FACTOR_KINDS, type FactorKind, ROLES, type Role } from './words.ts';

/** A set of factor kinds, one bit each in the order of `FACTOR_KINDS`. */
export type KindMask = number;

/**
 * The kinds that satisfy, by role, packed three bits a role in the order of `ROLES`; 0 for a role that is not asked.
 * One integer a scope: what a million memberships are judged by, in TypeScript and in SQL alike.
 */
export type Demand = number;

/** Bits a role takes in a {@link Demand}. The store's SQL shifts by it too. */
export const BITS_PER_ROLE = 3;

const ROLE_MASK = (1 << BITS_PER_ROLE) - 1;

/** The mask of some kinds. */
export function maskOf(kinds: Iterable<FactorKind>): KindMask {
  let mask = 0;
  for (const kind of kinds) mask |= 1 << FACTOR_KINDS.indexOf(kind);
  return mask;
}

/** The kinds of a mask, in the order of `FACTOR_KINDS`. */
export function kindsOf(mask: KindMask): FactorKind[] {
  return FACTOR_KINDS.filter((_, bit) => (mask & (1 << bit)) !== 0);
}

/** The index of a role: its place in a demand, and what the store keeps. */
export function roleIndex(role: Role): number {
  return ROLES.indexOf(role);
}

/** The kinds that a demand allows one role; 0 when the role is not asked. */
export function allowedFor(demand: Demand, role: Role): KindMask {
  return (demand >> (BITS_PER_ROLE * roleIndex(role))) & ROLE_MASK;
}

/** Packs a demand from the kinds allowed for each listed role. */
export function packDemand(allowed: Iterable<readonly [Role, KindMask]>): Demand {
  let demand = 0;
  for (const [role, mask] of allowed) demand |= (mask & ROLE_MASK) << (BITS_PER_ROLE * roleIndex(role));
  return demand;
}
