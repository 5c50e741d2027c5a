import { NONE } from '../../../src/adapters/enforcers/none/enforcer.ts';
import { portalEnforcer } from '../../../src/adapters/enforcers/portal/enforcer.ts';
import type { PostgresServer } from '../../../src/adapters/store/postgresql/server.ts';
import { fileWitness } from '../../../src/adapters/witness/file.ts';
import { seed } from '../../../src/apps/cli/demo/seed.ts';
import { generateWorld } from '../../../src/apps/cli/demo/world.ts';
import { FACTOR_KINDS } from '../../../src/core/model/words.ts';
import type { Store } from '../../../src/core/ports/store.ts';
import { witnessedStore } from '../../../src/flows/operating/witnessed-store.ts';
import type { World } from '../../../src/flows/world.ts';
import { openAt, RANDOM } from '../../adapters/store/opened.ts';
import type { RawPostgres } from '../../servers/raw-postgres.ts';

/** Somebody with factors, as they stood before anything. */
export interface Patient {
  readonly id: number;
  readonly address: string;
  readonly factors: number;
  readonly epoch: number;
  readonly kinds: number;
}

const JOINED = Date.UTC(2026, 9, 1);

/** The world of an operator, with the heads of the audit log told outside. */
export function operatorWorld(store: Store, heads: string, now: number): World {
  return {
    store: witnessedStore(store, fileWitness(heads, RANDOM)),
    clock: { now: () => now },
    enforcers: { portal: portalEnforcer(FACTOR_KINDS), none: NONE },
    rights: { policy: ['Administrator', 'Manager'] },
    actor: { channel: 'cli', subject: 'operator' },
    actorUser: 'admin.dana@northwind.example',
  };
}

/** Makes the demo's world in an empty database, with at least so many people to reset; gives so many of them. */
export async function seedPatients(server: PostgresServer, raw: RawPostgres, heads: string, wanted: number): Promise<readonly Patient[]> {
  const store = await openAt({ server });
  const world = operatorWorld(store, heads, JOINED);
  const demo = generateWorld({ users: 62 + wanted * 3, seed: 1, now: JOINED });
  await seed(world, { demo, random: RANDOM, now: JOINED, onProgress: () => undefined });
  await store.close();
  const patients = raw
    .prepare(`select u.id, u.address, count(*) as factors, u.epoch, u.kinds from users as u join factors as f on f.user_id = u.id
      where u.enabled = 1 and u.address is not null and u.address not like 'admin.%'
        and not exists (select 1 from memberships as m where m.user_id = u.id and m.role = 0)
      group by u.id, u.address, u.epoch, u.kinds order by u.id limit ?`)
    .all(wanted) as unknown as Patient[];
  if (patients.length < wanted) throw new RangeError(`${patients.length} of ${wanted} people have factors`);
  return patients;
}
