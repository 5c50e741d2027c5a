import { scopeOf } from '../../core/model/scope.ts';
import type { Door } from '../../core/ports/store-sign-in.ts';
import type { Progress } from '../../flows/sign-in/progress.ts';
import type { SignInWorld } from '../../flows/sign-in/world.ts';
import { keep, type Visit } from './doors.ts';

/** The page of each step of a sign-in. */
export function pageOfStep(step: Progress['step']['step'], method = ''): string {
  if (step === 'challenge') return '/code';
  if (step === 'session') return method === 'recovery' ? '/settings?after=recovery' : '/settings?after=sign-in';
  return `/${step}`;
}

/** A sign-in went on: another token, and the page of its next step. */
export function onward({ c }: Visit, { token, step }: Progress, method = ''): Response {
  keep(c, token);
  return c.redirect(pageOfStep(step.step, method), 303);
}

/** Where somebody signs in, as people call it: `Northwind IT`, or `Sunrise Bakery · Northwind IT`. */
export async function placeOf(world: SignInWorld, scope: string): Promise<string> {
  const door = await world.store.read((reader) => reader.door(scope));
  return door === undefined ? scopeOf(scope).account : placeOfDoor(door);
}

/** The same of a door that is known. */
export function placeOfDoor(door: Door): string {
  return scopeOf(door.scope).myGlueAccount === undefined ? door.accountTitle : `${door.title} · ${door.accountTitle}`;
}
